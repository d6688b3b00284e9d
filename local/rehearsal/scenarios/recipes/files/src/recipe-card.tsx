import type { Recipe } from './recipes'

export function RecipeCard({ recipe, onOpen }: { recipe: Recipe; onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="group flex h-full w-full flex-col rounded-2xl border border-line bg-surface p-5 text-left transition-colors hover:border-accent"
    >
      <span className="text-xl font-semibold text-balance group-hover:text-accent">{recipe.title}</span>
      <span className="mt-1 text-sm text-muted">
        {recipe.minutes} minutes, serves {recipe.serves}
      </span>
      <span className="mt-6 flex flex-wrap gap-1.5">
        {recipe.tags.map((tag) => (
          <span key={tag} className="rounded-full bg-accent/10 px-2.5 py-0.5 text-xs text-accent">
            {tag}
          </span>
        ))}
      </span>
    </button>
  )
}
