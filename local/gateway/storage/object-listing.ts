/** One folder's view of a bucket, as the storage API lists it: names relative to the folder, and folders without id. */
export type ListedObject = { id: string | null; name: string; [field: string]: unknown }
export type ListingOptions = {
  limit?: number | undefined
  offset?: number | undefined
  sortBy?: { column?: string; order?: string } | undefined
  search?: string | undefined
}

export function listFolder(
  objects: ListedObject[],
  folder: string,
  options: ListingOptions = {},
): ListedObject[] {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
  const entries = new Map<string, ListedObject>()
  for (const object of objects) {
    if (!object.name.startsWith(prefix)) continue
    const [name = '', ...deeper] = object.name.slice(prefix.length).split('/')
    if (name === '' || !matches(name, options.search)) continue
    if (deeper.length === 0) entries.set(name, { ...object, name })
    else if (!entries.has(name)) entries.set(name, folderEntry(name))
  }
  const { column = 'name', order = 'asc' } = options.sortBy ?? {}
  const sorted = [...entries.values()].sort((one, other) => compare(one[column], other[column]))
  if (order === 'desc') sorted.reverse()
  const start = options.offset ?? 0
  return sorted.slice(start, start + (options.limit ?? 100))
}

const matches = (name: string, search = '') => name.toLowerCase().startsWith(search.toLowerCase())

const folderEntry = (name: string): ListedObject => ({
  id: null,
  name,
  updated_at: null,
  created_at: null,
  last_accessed_at: null,
  metadata: null,
})

function compare(one: unknown, other: unknown): number {
  const [left, right] = [String(one ?? ''), String(other ?? '')]
  return left < right ? -1 : left > right ? 1 : 0
}
