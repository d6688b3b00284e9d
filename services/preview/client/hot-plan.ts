/**
 * Which modules run again when some changed. Pure: the page and its module map are behind `Loaded` and `isBoundary`.
 *
 * A module's URL names its content and all that it imports, so importing the new URL of a module links it with the new
 * instances of what changed below it, and with the present instances of what did not. Upwards it is we who stop: at
 * boundaries, whose exports are all components, since React exchanges those in place.
 *
 * One thing more than what changed has to run again. A module that did not change itself, but imports one that did, has
 * another URL too, and its present instance stays in use as long as nobody asks for the new one. A module that runs again
 * and imports it does ask; then there would be two of it (two contexts, two stores), so it counts as changed as well.
 */
import type { Graph } from '../source.ts'

/** What runs in the page: the URL and the content (`own`) of each module, by id. */
export type Loaded = Map<string, { url: string; own: string }>
export type HotPlan = { run: string[]; boundaries: string[] } | { reload: string }

export async function planUpdate(
  graph: Graph,
  loaded: Loaded,
  isBoundary: (id: string) => Promise<boolean>,
  /** Modules that are about to be imported for the first time. */
  asked: string[] = [],
): Promise<HotPlan> {
  const importers = importersIn(graph, loaded)
  const run = new Set<string>()
  const boundaries = new Set<string>()
  const changed = [...loaded].filter(([id, { own }]) => (graph.modules[id]?.own ?? own) !== own)
  const queue = changed.map(([id]) => id)
  queue.push(...asked.flatMap((id) => doubled(id, graph, loaded)))

  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (run.has(id)) continue
    if (graph.entries.includes(id)) return { reload: `${id} starts the app.` }
    run.add(id)
    for (const below of graph.modules[id]?.imports ?? []) queue.push(...doubled(below, graph, loaded))
    if (graph.modules[id]?.refresh && (await isBoundary(id))) {
      boundaries.add(id)
      continue
    }
    const above = importers.get(id) ?? []
    if (above.length === 0) return { reload: `Nobody can take the new ${id}.` }
    queue.push(...above)
  }
  return { run: [...run], boundaries: [...boundaries] }
}

/** What importing this module would make a second instance of. */
function doubled(id: string, graph: Graph, loaded: Loaded, seen = new Set<string>()): string[] {
  const present = loaded.get(id)
  const next = graph.modules[id]
  if (seen.has(id) || !next || present?.url === next.url) return []
  seen.add(id)
  const below = next.imports.flatMap((one) => doubled(one, graph, loaded, seen))
  return present ? [id, ...below] : below
}

function importersIn(graph: Graph, loaded: Loaded): Map<string, string[]> {
  const importers = new Map<string, string[]>()
  for (const [id, { imports, lazy }] of Object.entries(graph.modules)) {
    if (!loaded.has(id)) continue
    for (const below of [...imports, ...lazy]) importers.set(below, [...(importers.get(below) ?? []), id])
  }
  return importers
}

/** A module and all that it imports at once. */
export function closureOf(graph: Graph, ids: string[]): Set<string> {
  const found = new Set<string>()
  const queue = [...ids]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const module = graph.modules[id]
    if (found.has(id) || !module) continue
    found.add(id)
    queue.push(...module.imports)
  }
  return found
}
