import { DESK_FILTERS, type DeskFilter } from './desk-filters.ts'

export type DeskSearch = { filter?: DeskFilter | undefined }

/** What is open is what one comes for, so that it needs no word in the address. */
export function deskSearch({ filter }: Record<string, unknown>): DeskSearch {
  const known = DESK_FILTERS.find((name) => name === filter)
  return known && known !== 'open' ? { filter: known } : {}
}
