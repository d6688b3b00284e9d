import { useEffect } from 'react'
import { amountOf, type Recipe } from './recipes'

export function RecipePage({ recipe, onClose }: { recipe: Recipe; onClose: () => void }) {
  const factor = 1

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onClose()
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onClose])

  return (
    <article>
      <button type="button" onClick={onClose} className="text-sm text-muted hover:text-ink">
        ← All recipes
      </button>
      <h2 className="mt-4 text-4xl font-semibold tracking-tight text-balance">{recipe.title}</h2>
      <p className="mt-2 text-muted">
        {recipe.minutes} minutes, serves {recipe.serves * factor}
      </p>

      <div className="mt-8 grid gap-10 md:grid-cols-[2fr_3fr]">
        <section>
          <h3 className="text-sm font-medium text-accent">Ingredients</h3>
          <ul className="mt-3 divide-y divide-line border-line border-y">
            {recipe.ingredients.map((ingredient) => (
              <li key={ingredient.name} className="flex gap-4 py-2.5">
                <span className="w-20 shrink-0 text-right text-muted tabular-nums">
                  {amountOf(ingredient, factor)}
                </span>
                <span>{ingredient.name}</span>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3 className="text-sm font-medium text-accent">Method</h3>
          <ol className="mt-3 space-y-5">
            {recipe.steps.map((step, index) => (
              <li key={step} className="flex gap-4">
                <span className="text-2xl leading-none font-light text-muted tabular-nums">{index + 1}</span>
                <p className="leading-relaxed text-pretty">{step}</p>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </article>
  )
}
