import { expect, test } from 'vitest'
import type { Chat } from '../../../supabase/functions/_shared/protocol.ts'
import { chatsNamed, pieces } from './found.ts'

const found = (excerpt: string, query: string) =>
  pieces(excerpt, query).flatMap(({ text, isFound }) => (isFound ? [text] : []))

test('beginnings of words are pointed out, in any case and script', () => {
  expect(found('Charts and a chartreuse flowchart', 'CHART')).toEqual(['Chart', 'chart'])
  expect(found('Die Größe der Überschrift', 'über größe')).toEqual(['Größe', 'Über'])
})

test('the pieces are the whole excerpt', () => {
  const excerpt = '…src/App.tsx (the app)…'
  expect(
    pieces(excerpt, 'app.tsx')
      .map(({ text }) => text)
      .join(''),
  ).toBe(excerpt)
  expect(found(excerpt, 'app.tsx')).toEqual(['App', 'tsx', 'app'])
})

test('what is typed is never read as a pattern', () => {
  expect(found('a(b', '(((')).toEqual([])
  expect(found('a.b', '.*')).toEqual([])
})

test('chats are found by their names, the newest first, those in the archive too', () => {
  const chat = (title: string, created_at: string, archived_at: string | null = null) =>
    ({ id: title, title, created_at, archived_at }) as Chat
  const chats = [chat('Todo list', '1'), chat('Board', '2'), chat('A list of todos', '3', '4')]
  expect(chatsNamed(chats, 'todo list').map(({ title }) => title)).toEqual(['A list of todos', 'Todo list'])
  expect(chatsNamed(chats, ' ')).toEqual([])
})
