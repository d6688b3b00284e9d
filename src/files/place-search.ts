import { TABS, type Tab } from './place.ts'

/** The part of an address that says where in the workbench one is. */
export type PlaceSearch = {
  tab?: Tab | undefined
  file?: string | undefined
  line?: number | undefined
  run?: string | undefined
  build?: string | undefined
  /** The thread of comments that a link leads to. */
  thread?: string | undefined
  /** It stands before the chat, where there is no room for both. */
  pane?: 'workbench' | undefined
}

export const isTab = (value: unknown): value is Tab => TABS.includes(value as Tab)

/** People edit addresses, and send old ones: what makes no sense is left out. */
export function placeSearch(search: object): PlaceSearch {
  const { tab, file, line, run, build, thread, pane } = search as Record<string, unknown>
  return {
    ...(isTab(tab) ? { tab } : {}),
    ...(file !== undefined && file !== null ? { file: String(file) } : {}),
    ...(Number.isInteger(line) && Number(line) > 0 ? { line: Number(line) } : {}),
    ...(typeof run === 'string' ? { run } : {}),
    ...(typeof build === 'string' ? { build } : {}),
    ...(typeof thread === 'string' ? { thread } : {}),
    ...(pane === 'workbench' ? { pane } : {}),
  }
}
