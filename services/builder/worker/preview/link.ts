/**
 * Gives every module its address, and puts the addresses of what it imports into its code.
 *
 * An address contains a hash of the module and of all that it imports (a Merkle tree; circles are hashed as one), so it
 * never means another text, and importing the new address of a changed module links it to the new versions of what
 * changed below, and to the very same instances of what did not.
 */
import { shortHash } from '../app/hash.ts'
import { inOrderOfImports } from './circles.ts'
import type { Compiled, Reference } from './compile.ts'

export type Linkable = {
  id: string
  /** Of all that its text is made of. */
  hash: string
  compiled: Compiled
  /** In the order of its references: a module, or what stays as it is, or what falls away. */
  targets: Target[]
  /** Each module that it imports, and each that it may import later, once. */
  imports: string[]
  lazy: string[]
}
export type Target = { to: string } | 'kept' | 'dropped'

export function linkable(id: string, hash: string, compiled: Compiled, targets: Target[]): Linkable {
  const imported = (lazy: boolean) =>
    compiled.references.flatMap((reference, index) => {
      const target = targets[index]
      return reference.lazy === lazy && typeof target === 'object' ? [target.to] : []
    })
  const once = (ids: string[]) => [...new Set(ids)]
  return { id, hash, compiled, targets, imports: once(imported(false)), lazy: once(imported(true)) }
}

export function addressesOf(modules: ReadonlyMap<string, Linkable>): Map<string, string> {
  const addresses = new Map<string, string>()
  const importsOf = (id: string) => {
    const { imports, lazy } = modules.get(id)!
    return lazy.length === 0 ? imports : [...imports, ...lazy]
  }
  for (const group of inOrderOfImports(modules.keys(), importsOf)) {
    const below = [...new Set(group.flatMap(importsOf).map((id) => addresses.get(id) ?? ''))].sort()
    const [only] = group
    if (group.length === 1) addresses.set(only!, rememberedAddress(modules.get(only!)!, below))
    else {
      const together = hashTogether(
        group.map((id) => modules.get(id)!),
        below,
      )
      for (const id of group) addresses.set(id, addressOf(id, together))
    }
  }
  return addresses
}

const hashTogether = (members: Linkable[], below: string[]) =>
  shortHash(...members.map(({ id, hash }) => `${id} ${hash}`).sort(), ...below)
const addressOf = (id: string, together: string) => `/@m/${shortHash(together, id)}/${readable(id)}`

/** Most modules of a build are those of the build before, and what they import is too. */
const remembered = new WeakMap<Linkable, { below: string; address: string }>()

function rememberedAddress(module: Linkable, below: string[]): string {
  const joined = below.join(' ')
  const known = remembered.get(module)
  if (known?.below === joined) return known.address
  const address = addressOf(module.id, hashTogether([module], below))
  remembered.set(module, { below: joined, address })
  return address
}

/** For people who read a stack; the hash alone tells modules apart. */
const readable = (id: string) => id.replace(/[^\w./@$()-]/g, '_')

export function codeOf({ compiled, targets }: Linkable, addresses: ReadonlyMap<string, string>): string {
  const { code, references, map } = compiled
  let linked = ''
  let done = 0
  const put = (from: number, to: number, text: string) => {
    linked += code.slice(done, from) + text
    done = to
  }
  references.forEach((reference, index) => {
    const target = targets[index]!
    if (target === 'dropped') put(...reference.statement, blank(code, reference))
    else if (target !== 'kept' && reference.lazy) {
      put(...reference.statement, lazily(target.to, addresses.get(target.to)!, blank(code, reference)))
    } else if (target !== 'kept') put(reference.start, reference.end, addresses.get(target.to)!)
  })
  linked += code.slice(done)
  if (!map) return linked
  const json = JSON.stringify({ version: 3, ...map })
  return `${linked}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}\n`
}

/** A page that was opened long ago asks its client for the module as it is now; the address is what it was then. */
const lazily = (id: string, address: string, lines: string) =>
  `(globalThis.__batonImport?.(${JSON.stringify(id)}) ?? import(${JSON.stringify(address)})${lines})`

/** As many lines as the statement had, so that the source map stays right. */
const blank = (code: string, { statement }: Reference) =>
  '\n'.repeat(code.slice(...statement).split('\n').length - 1)
