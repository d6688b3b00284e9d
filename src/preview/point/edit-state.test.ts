import { expect, test } from 'vitest'
import type { PickedElement } from '../../../services/preview/messages.ts'
import type { ProjectFile } from '../../../supabase/functions/_shared/protocol.ts'
import { elementText, messageAbout } from './chosen-elements.ts'
import { asWritten, editStateOf } from './edit-state.ts'

const source = 'export default () => <h1 className="a">Tasks</h1>\n'
const file = { path: 'src/App.tsx', version: 5 } as ProjectFile
const element = {
  tag: 'h1',
  text: 'Tasks',
  classes: 'a',
  component: 'App',
  selector: 'h1',
  source: { file: '/src/App.tsx', line: 1, column: 22 },
} as PickedElement
const sight = { element, file, source, builtVersion: 5, ownVersion: 0 }

test('an element whose file is as it was built can be changed', () => {
  expect(editStateOf(sight)).toMatchObject({ state: 'open', found: { text: { value: 'Tasks' } } })
})

test('a file that has changed since is left alone, unless it was changed from here', () => {
  expect(editStateOf({ ...sight, builtVersion: 4 })).toMatchObject({ state: 'closed' })
  expect(editStateOf({ ...sight, builtVersion: 4, ownVersion: 5 })).toMatchObject({ state: 'open' })
})

test('another element at the place is not taken for the one that was picked', () => {
  expect(editStateOf({ ...sight, element: { ...element, tag: 'p' } })).toMatchObject({ state: 'closed' })
})

test('what a package draws, and what is not there any more, is talked about instead', () => {
  expect(editStateOf({ ...sight, element: { ...element, source: null } })).toMatchObject({ state: 'closed' })
  expect(editStateOf({ ...sight, file: undefined })).toMatchObject({ state: 'closed' })
})

test('an element that was changed from here is said as it is now', () => {
  const now = editStateOf({ ...sight, source: source.replace('Tasks', 'Chores').replace('"a"', '"b"') })
  if (now.state !== 'open') throw new Error('closed')
  expect(asWritten(element, now.found)).toMatchObject({ text: 'Chores', classes: 'b' })
})

test('a message about an element names it, its component and its place', () => {
  expect(messageAbout('Make it larger', [element])).toBe(
    'Make it larger\n\nThis is about an element of the preview:\n- `<h1>` “Tasks”, in App, src/App.tsx:1:22, class "a"',
  )
  expect(messageAbout('As it is', [])).toBe('As it is')
  expect(elementText({ ...element, source: null, text: '', component: '', classes: '' })).toBe('`<h1>`, h1')
})
