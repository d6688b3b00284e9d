/** The app's modules as they run in this page, and their exchange. */
import * as refresh from 'react-refresh/runtime'
import type { GraphDelta } from '../graph-delta.ts'
import type { Graph } from '../source.ts'
import { closureOf, type Loaded, planUpdate } from './hot-plan.ts'

export type Exchange = { modules: number } | { reload: string }
export type Modules = {
  /** Throws what a new module throws when it runs. What is thrown after `onDrawing` is of what is new. */
  exchange(delta: GraphDelta, onDrawing: () => void): Promise<Exchange>
}

type Hooks = {
  __batonModule?: (id: string) => { register(type: unknown, name: string): void; signature(): unknown }
  /** What `import()` of the app becomes: the module as it is now, wherever the code that asks is from. */
  __batonImport?: (id: string) => Promise<unknown> | undefined
}

/** An app may wait for ever at its top. */
const PATIENCE_MS = 10_000

export function startModules(first: Graph | null, reload: () => void): Modules {
  let graph: Graph = first ?? { entries: [], css: [], vendor: '', html: '', modules: {} }
  const loaded: Loaded = new Map()
  const everLoaded = new Set<string>()
  let returns = 0
  const load = (ids: Iterable<string>) => {
    for (const id of ids) {
      const module = graph.modules[id]
      if (!module) continue
      loaded.set(id, { url: module.url, own: module.own })
      everLoaded.add(module.url)
    }
  }

  refresh.injectIntoGlobalHook(window as unknown as Window)
  withoutAdvice()
  const hooks = globalThis as Hooks
  hooks.__batonModule = (id) => ({
    register: (type, name) => refresh.register(type, `${id} ${name}`),
    signature: refresh.createSignatureFunctionForTransform,
  })
  hooks.__batonImport = (id) => (graph.modules[id] ? importNow(id) : undefined)
  load(closureOf(graph, graph.entries))
  const beginnings = graph.entries.flatMap((id) => graph.modules[id]?.url ?? [])

  /** Before React itself runs there is nothing that could be refreshed, and what then begins would be the old. */
  const begun = () =>
    Promise.race([
      Promise.allSettled(beginnings.map((url) => import(url))),
      new Promise((done) => setTimeout(done, PATIENCE_MS)),
    ])

  /** As it runs, and as it would: a file of components that also exports something else cannot be exchanged in place. */
  const isBoundary = async (id: string): Promise<boolean> => {
    const present = loaded.get(id)?.url
    const next = graph.modules[id]?.url
    if (present && !hasOnlyComponents(await importOr(present, {}))) return false
    return next !== undefined && hasOnlyComponents((await import(next)) as Namespace)
  }

  /**
   * What was changed back has a URL that ran here already, and neither the browser would run it again nor React take the
   * components of then for new ones. With another fragment it is another module, and the same file.
   */
  const fresh = (url: string) => (everLoaded.has(url) ? `${url}#${++returns}` : url)

  /** Those below a boundary keep their URL: what they export is there still, but what they do is not done again. */
  const ranForItsEffect = async (id: string): Promise<boolean> => {
    const url = graph.modules[id]?.url
    return !!url && everLoaded.has(url) && Object.keys(await importOr(url, {})).length === 0
  }

  const apply = async (asked: string[], onDrawing?: () => void): Promise<Exchange> => {
    const plan = await planUpdate(graph, loaded, isBoundary, asked)
    if ('reload' in plan) return plan
    for (const id of plan.run)
      if (await ranForItsEffect(id)) return { reload: `${id} does again what it did before.` }
    await Promise.all([
      ...plan.boundaries.map((id) => import(fresh(graph.modules[id]!.url))),
      ...asked.map((id) => import(graph.modules[id]!.url)),
    ])
    load(closureOf(graph, [...plan.boundaries, ...asked]))
    onDrawing?.()
    if (plan.boundaries.length > 0) refresh.performReactRefresh()
    return { modules: plan.run.length }
  }

  const importNow = async (id: string): Promise<unknown> => {
    const exchange = loaded.has(id) ? null : await apply([id])
    if (exchange && 'reload' in exchange) {
      reload()
      return await new Promise(() => {}) // the page is on its way out
    }
    return await import(loaded.get(id)!.url)
  }

  return {
    async exchange(delta, onDrawing) {
      await begun()
      graph = withDelta(graph, delta)
      return apply([], onDrawing)
    },
  }
}

/** React advises to install its tools where it finds a hook without this, and we would have to find out where it says so. */
function withoutAdvice(): void {
  const { __REACT_DEVTOOLS_GLOBAL_HOOK__: hook } = globalThis as {
    __REACT_DEVTOOLS_GLOBAL_HOOK__?: { checkDCE?: () => void }
  }
  if (hook) hook.checkDCE ??= () => {}
}

function withDelta(graph: Graph, { modules, css }: GraphDelta): Graph {
  const next = { ...graph.modules }
  for (const [id, module] of Object.entries(modules)) {
    if (module) next[id] = module
    else delete next[id]
  }
  return { ...graph, css, modules: next }
}

type Namespace = Record<string, unknown>

/** What failed when the page was loaded was told then. */
const importOr = (url: string, otherwise: Namespace): Promise<Namespace> =>
  (import(url) as Promise<Namespace>).catch(() => otherwise)

function hasOnlyComponents(namespace: Namespace): boolean {
  const values = Object.values(namespace)
  return values.length > 0 && values.every((value) => refresh.isLikelyComponentType(value))
}
