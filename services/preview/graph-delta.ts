/** What a page that shows one deployment must know to show another: the entries of the graph that differ. */
import type { Graph, GraphModule } from './source.ts'

export type GraphDelta = { modules: Record<string, GraphModule | null>; css: string[] }
export type Step = { delta: GraphDelta } | { reload: string }

export function stepBetween(from: Graph | undefined, to: Graph | undefined): Step {
  if (!from || !to) return { reload: 'The page has no modules to exchange.' }
  if (from.vendor !== to.vendor) return { reload: 'The libraries changed.' }
  if (from.html !== to.html) return { reload: 'index.html changed.' }
  if (!isEqual(from.entries, to.entries)) return { reload: 'The entries changed.' }
  const modules: GraphDelta['modules'] = {}
  for (const [id, module] of Object.entries(to.modules)) {
    const before = Object.hasOwn(from.modules, id) ? from.modules[id] : undefined
    if (!before || !isSameModule(before, module)) modules[id] = module
  }
  for (const id of Object.keys(from.modules)) if (!Object.hasOwn(to.modules, id)) modules[id] = null
  return { delta: { modules, css: to.css } }
}

const isSameModule = (one: GraphModule, other: GraphModule) =>
  one.url === other.url &&
  one.own === other.own &&
  one.refresh === other.refresh &&
  isEqual(one.imports, other.imports) &&
  isEqual(one.lazy, other.lazy)

const isEqual = (one: string[], other: string[]) =>
  one.length === other.length && one.every((value, index) => value === other[index])
