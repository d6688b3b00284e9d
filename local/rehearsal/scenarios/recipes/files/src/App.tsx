import { useCallback, useState } from 'react'
import { RecipeCard } from './recipe-card'
import { RecipePage } from './recipe-page'
import { RECIPES, TAGS } from './recipes'

export default function App() {
  const [open, setOpen] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const [tag, setTag] = useState('')
  const recipe = RECIPES.find(({ id }) => id === open)
  const close = useCallback(() => setOpen(null), [])
  const words = search.trim().toLowerCase()
  const shown = RECIPES.filter(
    ({ title, tags, ingredients }) =>
      (!tag || tags.includes(tag)) &&
      [title, ...ingredients.map(({ name }) => name)].some((text) => text.toLowerCase().includes(words)),
  )

  return (
    <main className="mx-auto max-w-4xl px-5 py-12">
      <title>Recipe box</title>
      {recipe ? (
        <>
          <h1 className="sr-only">Recipe box</h1>
          <RecipePage recipe={recipe} onClose={close} />
        </>
      ) : (
        <>
          <header className="flex flex-wrap items-center justify-between gap-4">
            <h1 className="text-3xl font-semibold tracking-tight">Recipe box</h1>
            <input
              type="search"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              aria-label="Search recipes and ingredients"
              placeholder="Lemon, lentils, …"
              className="h-11 w-full rounded-full border border-line bg-surface px-5 placeholder:text-muted sm:w-64"
            />
          </header>
          <fieldset className="mt-5 flex flex-wrap gap-2">
            <legend className="sr-only">Kind of recipe</legend>
            {['', ...TAGS].map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === tag}
                onClick={() => setTag(name)}
                className="rounded-full border border-line px-3.5 py-1 text-sm text-muted aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
              >
                {name || 'all'}
              </button>
            ))}
          </fieldset>
          <ul className="mt-6 grid gap-4 sm:grid-cols-2">
            {shown.map((one) => (
              <li key={one.id}>
                <RecipeCard recipe={one} onOpen={() => setOpen(one.id)} />
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p className="py-16 text-center text-muted">No recipe has that in it.</p>}
        </>
      )}
    </main>
  )
}
