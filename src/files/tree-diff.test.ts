import { expect, test } from 'vitest'
import { diffTrees, type Tree, treeOf } from './tree-diff.ts'

const tree = (hashes: Record<string, string>): Tree =>
  treeOf(Object.entries(hashes).map(([path, hash]) => ({ path, hash, size: 1 })))
const told = (before: Record<string, string>, after: Record<string, string>) =>
  diffTrees(tree(before), tree(after)).map(({ kind, path, fromPath }) => [kind, path, fromPath])

test('what came, went and changed is told by path, and what stayed is not', () => {
  expect(told({ a: '1', b: '2', c: '3' }, { b: '2', c: '4', d: '5' })).toEqual([
    ['removed', 'a', null],
    ['changed', 'c', null],
    ['added', 'd', null],
  ])
})

test('the same content under another name has moved', () => {
  expect(told({ 'a.ts': '1' }, { 'src/a.ts': '1' })).toEqual([['moved', 'src/a.ts', 'a.ts']])
})

test('a copy is added, as what it was copied from is still there', () => {
  expect(told({ a: '1' }, { a: '1', b: '1' })).toEqual([['added', 'b', null]])
})

test('two with one content that moved are two that moved', () => {
  expect(told({ a: '1', b: '1' }, { c: '1', d: '1' })).toEqual([
    ['moved', 'c', 'a'],
    ['moved', 'd', 'b'],
  ])
})
