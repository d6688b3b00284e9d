import { expect, test } from 'vitest'
import { findElement, isLiteral, type Words } from './jsx-element.ts'
import { replaceWords } from './replace-words.ts'

/** The element whose `<` is marked by `▸`. */
function at(marked: string) {
  const offset = marked.indexOf('▸')
  const source = marked.replace('▸', '')
  const before = source.slice(0, offset).split('\n')
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  const found = findElement(source, place)
  const change = (words: Words | null | undefined, value: string) => {
    if (!words || !isLiteral(words)) throw new Error('not a literal')
    return replaceWords(source, words, value)
  }
  return { found, change }
}

const page = (inside: string) => `export default () => (\n  <main>\n    ${inside}\n  </main>\n)\n`

test('text between tags is found and replaced, and nothing else changes', () => {
  const { found, change } = at(page('▸<h1 id="a">Your tasks</h1>'))
  expect(found).toMatchObject({ tag: 'h1', text: { value: 'Your tasks' } })
  expect(change(found?.text, 'My tasks')).toBe(page('<h1 id="a">My tasks</h1>'))
})

test('text over several lines is one text, and its indentation stays', () => {
  const { found, change } = at(page('▸<p>\n      One &amp;\n      two.\n    </p>'))
  expect(found?.text).toMatchObject({ value: 'One & two.' })
  expect(change(found?.text, 'Three')).toBe(page('<p>\n      Three\n    </p>'))
})

test('what would be code in JSX is written so that it is not', () => {
  const { found, change } = at(page('▸<p>a</p>'))
  expect(change(found?.text, '1 < 2 {x} &lt;')).toBe(page('<p>1 &lt; 2 &#123;x&#125; &amp;lt;</p>'))
  const again = at(page('▸<p>1 &lt; 2 &#123;x&#125; &amp;lt;</p>'))
  expect(again.found?.text).toMatchObject({ value: '1 < 2 {x} &lt;' })
})

test('an empty element takes text', () => {
  const { found, change } = at(page('▸<p></p>'))
  expect(change(found?.text, 'Hello')).toBe(page('<p>Hello</p>'))
})

test('a string in braces is replaced in its own quotes', () => {
  const { found, change } = at(page("▸<p>{'it\\'s'}</p>"))
  expect(found?.text).toMatchObject({ value: "it's" })
  expect(change(found?.text, "that's")).toBe(page("<p>{'that\\'s'}</p>"))
})

test('a constant of the file is changed where it is given', () => {
  const source = (brand: string, mark: string) =>
    `const brand = '${brand}'\nexport default () => ${mark}<h1>{brand}</h1>\n`
  const { found, change } = at(source('Tasks', '▸'))
  expect(found?.text).toMatchObject({ value: 'Tasks' })
  expect(change(found?.text, 'Chores')).toBe(source('Chores', ''))
})

test('a name that is given twice is not guessed at', () => {
  const { found } = at(`const a = 'x'\nfunction f() { const a = 'y'; return ▸<p>{a}</p> }`)
  expect(found?.text).toEqual({ expression: 'a' })
})

test.each([
  ['▸<li>{task.title}</li>', 'task.title'],
  ['▸<p>Hello {name}</p>', null],
  ['▸<p>Hello <b>you</b></p>', null],
  ['▸<p>{first + last}</p>', 'first + last'],
])('computed text of %s is said to be so', (inside, expression) => {
  expect(at(page(inside)).found?.text).toEqual({ expression })
})

test('a frame around other elements has no text of its own', () => {
  expect(at(page('▸<div>\n  <p>a</p>\n</div>')).found?.text).toBeNull()
  expect(at(page('▸<img src="x" />')).found?.text).toBeNull()
})

test('classes are found in all their ways of writing, and added where there are none', () => {
  const set = (inside: string) => {
    const { found, change } = at(page(inside))
    return change(found?.className, 'p-4')
  }
  expect(set('▸<p className="p-2">a</p>')).toBe(page('<p className="p-4">a</p>'))
  expect(set("▸<p className={'p-2'}>a</p>")).toBe(page("<p className={'p-4'}>a</p>"))
  expect(set('▸<p className={`p-2`}>a</p>')).toBe(page('<p className={`p-4`}>a</p>'))
  expect(set('▸<p>a</p>')).toBe(page('<p className="p-4">a</p>'))
  expect(set('▸<List rows={1} />')).toBe(page('<List className="p-4" rows={1} />'))
})

test('computed classes are said to be so', () => {
  expect(at(page("▸<p className={isOn ? 'a' : 'b'}>a</p>")).found?.className).toEqual({
    expression: "isOn ? 'a' : 'b'",
  })
  expect(at(page('▸<p {...rest}>a</p>')).found?.className).toEqual({ expression: null })
})

test('words beside JSX with an apostrophe do not confuse it', () => {
  const { found } = at(page("<p title={<i>don't</i>}>it isn't</p>\n    ▸<b>{'yes'}</b>"))
  expect(found).toMatchObject({ tag: 'b', text: { value: 'yes' } })
})

test('what cannot be read whole is left alone', () => {
  expect(at(page('▸<List<Task> rows={1} />')).found).toBeNull()
})

test('where no element stands, none is found', () => {
  expect(findElement('const a = 1', { line: 1, column: 3 })).toBeNull()
  expect(findElement('const a = 1', { line: 9, column: 1 })).toBeNull()
})
