import { expect, test } from 'vitest'
import type { Graph } from '../source.ts'
import { closureOf, type Loaded, planUpdate } from './hot-plan.ts'

type Shape = Record<string, { imports?: string[]; lazy?: string[]; own?: string }>

/** Names that begin with a capital are components. A URL is made of what a module is and imports, as the builder does. */
function graphOf(shape: Shape): Graph {
  const urlOf = (id: string): string =>
    `${id}:${shape[id]?.own ?? 1}(${(shape[id]?.imports ?? []).map(urlOf).join()})`
  const modules = Object.entries(shape).map(([id, { imports = [], lazy = [], own = '1' }]) => [
    id,
    { url: urlOf(id), own, imports, lazy, refresh: /^[A-Z]/.test(id) },
  ])
  return { entries: ['main'], css: [], vendor: '', html: '', modules: Object.fromEntries(modules) }
}

function loadedFrom(graph: Graph, ids = closureOf(graph, graph.entries)): Loaded {
  return new Map([...ids].map((id) => [id, { url: graph.modules[id]!.url, own: graph.modules[id]!.own }]))
}

const plan = (graph: Graph, loaded: Loaded, asked: string[] = []) =>
  planUpdate(graph, loaded, async (id) => /^[A-Z]/.test(id), asked)

const APP: Shape = {
  main: { imports: ['App'] },
  App: { imports: ['Label', 'words'] },
  Label: { imports: ['words'] },
  words: {},
}
const edited = (shape: Shape, id: string, own = '2'): Shape => ({ ...shape, [id]: { ...shape[id], own } })

test('a component runs again alone', async () => {
  expect(await plan(graphOf(edited(APP, 'Label')), loadedFrom(graphOf(APP)))).toEqual({
    run: ['Label'],
    boundaries: ['Label'],
  })
})

test('what is no component runs again with all components that use it', async () => {
  const planned = await plan(graphOf(edited(APP, 'words')), loadedFrom(graphOf(APP)))
  expect(planned).toMatchObject({ boundaries: expect.arrayContaining(['App', 'Label']) })
  expect((planned as { run: string[] }).run.sort()).toEqual(['App', 'Label', 'words'])
})

test('what starts the app, and what nobody can take, loads the page', async () => {
  expect(await plan(graphOf(edited(APP, 'main')), loadedFrom(graphOf(APP)))).toHaveProperty('reload')
  const bare: Shape = { main: { imports: ['words'] }, words: {} }
  expect(await plan(graphOf(edited(bare, 'words')), loadedFrom(graphOf(bare)))).toHaveProperty('reload')
})

test('nothing runs again when nothing changed that runs here', async () => {
  const withLazy: Shape = { ...APP, App: { ...APP.App, lazy: ['Page'] }, Page: {} }
  expect(await plan(graphOf(edited(withLazy, 'Page')), loadedFrom(graphOf(withLazy)))).toEqual({
    run: [],
    boundaries: [],
  })
})

const THEMED: Shape = {
  main: { imports: ['App'] },
  App: { imports: ['Page', 'theme'] },
  Page: { imports: ['theme'] },
  theme: { imports: ['Label'] },
  Label: {},
}

test('a module of which there would be two runs again for all who use it', async () => {
  const loaded = loadedFrom(graphOf(THEMED))
  const first = graphOf(edited(THEMED, 'Label'))
  expect(await plan(first, loaded)).toEqual({ run: ['Label'], boundaries: ['Label'] })
  loaded.set('Label', { url: first.modules.Label!.url, own: '2' })

  const planned = await plan(graphOf(edited(edited(THEMED, 'Label'), 'Page')), loaded)
  expect((planned as { run: string[] }).run.sort()).toEqual(['App', 'Page', 'theme'])
})

test('so it is for a page that is opened for the first time', async () => {
  const shape: Shape = { ...THEMED, App: { imports: ['theme'], lazy: ['Page'] } }
  const loaded = loadedFrom(graphOf(shape))
  const now = graphOf(edited(shape, 'Label'))
  loaded.set('Label', { url: now.modules.Label!.url, own: '2' })
  const planned = await plan(now, loaded, ['Page'])
  expect((planned as { run: string[] }).run.sort()).toEqual(['App', 'theme'])
})

test('circles end', async () => {
  const shape: Shape = {
    main: { imports: ['App'] },
    App: { imports: ['one'] },
    one: { imports: ['other'] },
    other: { imports: [] },
  }
  const graph = graphOf(structuredClone(edited(shape, 'other')))
  graph.modules.other!.imports.push('one')
  expect(await plan(graph, loadedFrom(graphOf(shape)))).toMatchObject({ boundaries: ['App'] })
})
