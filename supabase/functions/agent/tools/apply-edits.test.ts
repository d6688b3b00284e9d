import { expect, test } from 'vitest'
import { applyEdits, type Edit } from './apply-edits.ts'

const FILE = `import { useState } from 'react'

export function Counter() {
  const [count, setCount] = useState(0)
  return <button onClick={() => setCount(count + 1)}>{count}</button>
}
`
const refusal = (...edits: Edit[]) => {
  try {
    applyEdits('src/counter.tsx', FILE, edits)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('It was not refused.')
}

test('edits are applied in their order, each on what the one before left, literally', () => {
  const edits = [
    { search: 'useState(0)', replace: "useState(1) // $& $' $1" },
    { search: '// $&', replace: '//' },
    { search: 'count', replace: 'total', all: true },
  ]
  const { content, replaced } = applyEdits('src/counter.tsx', FILE, edits)
  expect(content).toContain("const [total, setCount] = useState(1) // $' $1")
  expect(content).toContain('setCount(total + 1)}>{total}<')
  expect(replaced).toBe(2 + 3)
})

test('a text that is found more than once is refused with the lines where it is', () => {
  expect(refusal({ search: 'count', replace: 'x' })).toBe(
    'The edit does not say which place it means: its search text is found 3 times, at lines 4, 5, 5. Take in more of the lines around it, or set "all" to true.\n\nsrc/counter.tsx is unchanged.',
  )
})

test('a text that differs in white space is shown as it stands', () => {
  const told = refusal({
    search: 'export function Counter() {\n    const [count, setCount] = useState(0)',
    replace: '',
  })
  expect(told).toContain('Only its white space differs')
  expect(told).toContain('3\texport function Counter() {\n4\t  const [count, setCount] = useState(0)')
})

test('a text that differs in case is shown as it stands', () => {
  expect(refusal({ search: 'export function counter() {', replace: '' })).toContain(
    'Only upper and lower case differ',
  )
})

test('the nearest passage is shown, with its lines', () => {
  const told = refusal({ search: 'const [count, setCount] = useState<number>(0)', replace: '' })
  expect(told).toContain('The nearest passage is:')
  expect(told).toContain('4\t  const [count, setCount] = useState(0)')
})

test('a text that is like nothing is said to be so', () => {
  expect(refusal({ search: 'SELECT * FROM users', replace: '' })).toContain('Nothing like it is there')
})

test('line numbers that were copied are recognised', () => {
  expect(refusal({ search: '3\texport function Counter() {', replace: '' })).toContain('leave them out')
})

test('an edit that changes nothing is refused', () => {
  expect(refusal({ search: 'count', replace: 'count' })).toContain('would change nothing')
})

test('when one does not fit, it is named, and none is applied', () => {
  const told = refusal(
    { search: 'useState(0)', replace: 'useState(1)' },
    { search: 'useState(0)', replace: 'x' },
  )
  expect(told).toMatch(/^Edit 2 of 2 did not match/)
  expect(told).toContain('src/counter.tsx is unchanged.')
})

test('a long file is compared in good time', () => {
  const long = Array.from(
    { length: 20_000 },
    (_, line) => `const value${line} = compute(${line}, 'abc')`,
  ).join('\n')
  const began = performance.now()
  expect(() =>
    applyEdits('long.ts', long, [{ search: 'const missing = reckon(1)\nlet x', replace: '' }]),
  ).toThrow()
  expect(performance.now() - began).toBeLessThan(2_000)
})
