/**
 * Modules in the order in which each comes after all that it imports; those that import each other in a circle come
 * together (Tarjan's strongly connected components). It does not recurse, since a project may be a chain of thousands.
 */
export function inOrderOfImports(
  ids: Iterable<string>,
  importsOf: (id: string) => readonly string[],
): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  const groups: string[][] = []

  const enter = (id: string) => {
    index.set(id, index.size)
    low.set(id, index.get(id)!)
    open.push(id)
    isOpen.add(id)
    return { id, imports: importsOf(id), next: 0 }
  }
  const lower = (id: string, to: number) => low.set(id, Math.min(low.get(id)!, to))
  const close = (id: string) => {
    const group = open.splice(open.lastIndexOf(id))
    for (const member of group) isOpen.delete(member)
    groups.push(group.reverse())
  }

  for (const start of ids) {
    if (index.has(start)) continue
    const path = [enter(start)]
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const imported = at.imports[at.next++]
      if (imported === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent) lower(parent.id, low.get(at.id)!)
        if (low.get(at.id) === index.get(at.id)) close(at.id)
      } else if (!index.has(imported)) path.push(enter(imported))
      else if (isOpen.has(imported)) lower(at.id, index.get(imported)!)
    }
  }
  return groups
}
