import { amountOf, RECIPES } from './recipes'

type Props = { chosen: string[]; onRemove: (id: string) => void }

/** What to buy for the chosen recipes, one line for each ingredient. */
export function ShoppingList({ chosen, onRemove }: Props) {
  const recipes = RECIPES.filter(({ id }) => chosen.includes(id))
  if (recipes.length === 0) return null

  return (
    <section className="mt-10 rounded-2xl border border-line bg-surface p-6">
      <h2 className="text-lg font-semibold">Shopping list</h2>
      {recipes.map((recipe) => (
        <div key={recipe.id} className="mt-4">
          <h3 className="flex justify-between text-sm text-muted">
            {recipe.title}
            <button type="button" onClick={() => onRemove(recipe.id)} className="hover:text-danger">
              Remove
            </button>
          </h3>
          <ul className="mt-2 grid gap-x-8 sm:grid-cols-2">
            {recipe.ingredients.map((ingredient) => (
              <li key={ingredient.name}>
                <label className="flex items-baseline gap-3 py-1">
                  <input type="checkbox" className="peer accent-accent" />
                  <span className="peer-checked:text-muted peer-checked:line-through">
                    {amountOf(ingredient)} {ingredient.name}
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
