export type Ingredient = { amount: number; unit: string; name: string }
export type Recipe = {
  id: string
  title: string
  minutes: number
  serves: number
  tags: string[]
  ingredients: Ingredient[]
  steps: string[]
}

const of = (amount: number, unit: string, name: string): Ingredient => ({ amount, unit, name })

export const RECIPES: Recipe[] = [
  {
    id: 'pasta',
    title: 'Lemon pasta',
    minutes: 20,
    serves: 2,
    tags: ['quick', 'vegetarian'],
    ingredients: [
      of(200, 'g', 'spaghetti'),
      of(1, '', 'lemon'),
      of(40, 'g', 'butter'),
      of(50, 'g', 'parmesan'),
    ],
    steps: [
      'Boil the spaghetti in well salted water, a minute less than it says on the packet.',
      'Melt the butter with the zest of the lemon. It should smell, not brown.',
      'Add a cup of the cooking water, the pasta and half of the juice. Shake until it shines.',
      'Take it off the heat, and stir in the cheese. Taste for lemon.',
    ],
  },
  {
    id: 'soup',
    title: 'Roasted tomato soup',
    minutes: 50,
    serves: 4,
    tags: ['vegan', 'vegetarian'],
    ingredients: [
      of(1, 'kg', 'ripe tomatoes'),
      of(2, '', 'onions'),
      of(6, 'cloves', 'garlic'),
      of(4, 'tbsp', 'olive oil'),
    ],
    steps: [
      'Halve the tomatoes, quarter the onions, and spread them on a tray with the garlic and the oil.',
      'Roast at 200 °C for 40 minutes, until the edges are dark.',
      'Squeeze the garlic out of its skin. Blend everything with half a litre of water, and salt it.',
    ],
  },
  {
    id: 'dal',
    title: 'Red lentil dal',
    minutes: 35,
    serves: 4,
    tags: ['vegan', 'vegetarian'],
    ingredients: [
      of(250, 'g', 'red lentils'),
      of(1, '', 'onion'),
      of(3, 'cm', 'ginger'),
      of(2, 'tsp', 'cumin seeds'),
      of(400, 'ml', 'coconut milk'),
    ],
    steps: [
      'Simmer the lentils in 700 ml of water until they fall apart, about 20 minutes.',
      'Fry the cumin in oil until it pops, then the onion and the ginger until golden.',
      'Stir both together with the coconut milk, and cook it five more minutes.',
    ],
  },
  {
    id: 'crumble',
    title: 'Plum crumble',
    minutes: 45,
    serves: 6,
    tags: ['sweet', 'vegetarian'],
    ingredients: [
      of(800, 'g', 'plums'),
      of(150, 'g', 'flour'),
      of(100, 'g', 'cold butter'),
      of(90, 'g', 'brown sugar'),
    ],
    steps: [
      'Halve the plums into a dish, and sprinkle them with a spoon of the sugar.',
      'Rub flour, butter and the rest of the sugar between your fingers until it is like gravel.',
      'Scatter it over the fruit, and bake at 190 °C for 35 minutes, until it bubbles at the sides.',
    ],
  },
]

export const TAGS = [...new Set(RECIPES.flatMap(({ tags }) => tags))].toSorted()

/** Numbers as a cook says them: 0.5 becomes ½. */
export function amountOf({ amount, unit }: Ingredient, factor = 1): string {
  const scaled = Math.round(amount * factor * 4) / 4
  const fraction = { 0.25: '¼', 0.5: '½', 0.75: '¾' }[scaled % 1] ?? ''
  const number = `${Math.floor(scaled) || (fraction ? '' : scaled)}${fraction}`
  return `${number} ${unit}`.trim()
}
