import { expect, test } from 'vitest'
import { loadScripts } from '../script/load.ts'
import { OUR_SCENARIOS } from '../start.ts'
import { matchRequest } from './match.ts'

const scripts = loadScripts(OUR_SCENARIOS)
const script = (slug: string | null) => scripts.find((one) => one.slug === slug) ?? null

function meaning(text: string, current: string | null): string | null {
  const match = matchRequest(text, scripts, script(current))
  return match?.request.slug ?? null
}

test.for<[string, string | null, string | null]>([
  ['I would like an app to track my expenses', null, 'expenses'],
  ['can you build something like Trello: a board with cards?', null, 'kanban'],
  ['Build a landing page for my bakery', null, 'landing'],
  ['a pomodoro timer', null, 'pomodoro'],
  ['Make a quiz about space', 'todo', 'quiz'],
  ['create a Markdown notes app', null, 'notes'],
  ['I want a dark dashboard with our KPIs', null, 'dashboard'],
  ['a cook book please', null, 'recipes'],
  ['Add a filter', 'todo', 'todo-1'],
  ['Add a filter', 'expenses', 'expenses-2'],
  ['Add a filter', null, null],
  ['Rename it to "Shopping"', 'todo', 'rename'],
  ['please call it Shopping', 'todo', 'rename'],
  ['Change the title to Our week.', 'kanban', 'rename'],
  ['Make it dark', 'todo', 'theme-dark'],
  ['add dark mode', null, 'theme-dark'],
  ['Add a dark mode toggle', 'landing', 'theme-toggle'],
  ['make the buttons purple', 'quiz', 'accent'],
  ['Undo that', 'quiz', 'undo'],
  ['please revert the last change', 'quiz', 'undo'],
  ['The preview is blank', 'weather', 'weather-1'],
  ['Rehearse an overload', 'weather', 'faults-6'],
  ['Explain the theory of relativity', 'weather', null],
])('"%s" with %s means %s', ([text, current, slug]) => {
  expect(meaning(text, current)).toBe(slug)
})

test('each example means its own request, whichever app is there', () => {
  for (const { slug, app, requests } of scripts) {
    for (const request of requests) {
      const current = app && request.kind === 'change' ? slug : null
      expect(meaning(request.example, current), request.example).toBe(request.slug)
    }
  }
})
