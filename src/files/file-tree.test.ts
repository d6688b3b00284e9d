import { expect, test } from 'vitest'
import { stepInTree, treeRows } from './file-tree.ts'

const PATHS = ['index.html', 'src/App.tsx', 'src/parts/list10.tsx', 'src/parts/list9.tsx', 'README.md']
const open = treeRows(PATHS, new Set())
const shown = (rows = open) => rows.map(({ path, level }) => `${' '.repeat(level - 1)}${path}`)

test('folders come before files, and numbers in names count', () => {
  expect(shown()).toEqual([
    'src',
    ' src/parts',
    '  src/parts/list9.tsx',
    '  src/parts/list10.tsx',
    ' src/App.tsx',
    'index.html',
    'README.md',
  ])
})

test('a closed folder hides what is in it, and a path that is given twice is there once', () => {
  expect(shown(treeRows([...PATHS, 'README.md'], new Set(['src'])))).toEqual([
    'src',
    'index.html',
    'README.md',
  ])
})

test('each row knows its place among those beside it', () => {
  expect(open.find(({ path }) => path === 'index.html')).toMatchObject({ position: 2, siblings: 3, level: 1 })
})

test('arrows walk, open and close, as in every tree', () => {
  expect(stepInTree(open, 'src', 'ArrowDown')).toEqual({ focus: 'src/parts' })
  expect(stepInTree(open, 'src', 'ArrowLeft')).toEqual({ toggle: 'src' })
  expect(stepInTree(open, 'src/App.tsx', 'ArrowLeft')).toEqual({ focus: 'src' })
  expect(stepInTree(open, 'src', 'ArrowRight')).toEqual({ focus: 'src/parts' })
  expect(stepInTree(treeRows(PATHS, new Set(['src'])), 'src', 'ArrowRight')).toEqual({ toggle: 'src' })
  expect(stepInTree(open, 'README.md', 'ArrowDown')).toEqual({ focus: 'README.md' })
  expect(stepInTree(open, 'README.md', 'Home')).toEqual({ focus: 'src' })
  expect(stepInTree(open, 'src', 'End')).toEqual({ focus: 'README.md' })
})

test('Enter opens a file, and a letter goes to the next name that begins with it', () => {
  expect(stepInTree(open, 'src/App.tsx', 'Enter')).toEqual({ open: 'src/App.tsx' })
  expect(stepInTree(open, 'src/App.tsx', 'l')).toEqual({ focus: 'src/parts/list9.tsx' })
  expect(stepInTree(open, 'src/parts/list9.tsx', 'l')).toEqual({ focus: 'src/parts/list10.tsx' })
  expect(stepInTree(open, 'src', 'x')).toBeNull()
})
