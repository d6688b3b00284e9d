/** What the host wrote into the page for us. */
import type { Graph } from '../source.ts'

export type PageData = { appOrigins: string[]; deployment: string; version: number; graph: Graph | null }

export function readPageData(): PageData {
  const block = document.getElementById('baton-preview')
  const data = JSON.parse(block?.textContent ?? '{}') as PageData
  block?.remove()
  document.currentScript?.remove()
  return data
}
