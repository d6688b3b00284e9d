/** What is wrong with the imports of an edge function, a sentence each. */
type Imports = Record<string, string>

export function versionFaults(name: string, imports: Imports, pinned: Record<string, string>): string[] {
  return Object.entries(imports).flatMap(([key, target]) => {
    const [, packageName = '', version] = /^npm:(@?[^@/]+(?:\/[^@/]+)?)(?:@([^/]+))?/.exec(target) ?? []
    const at = `${configOf(name)}: "${key}": "${target}"`
    if (!packageName) return [`${at} is not an npm: package.`]
    if (!pinned[packageName]) return [`${at} is not in package.json.`]
    if (version !== pinned[packageName]) return [`${at}, but package.json pins ${pinned[packageName]}.`]
    return []
  })
}

/** Here Deno finds an unmapped package in node_modules all the same; hosted Supabase does not. */
export function importFaults(name: string, imports: Imports, imported: string[]): string[] {
  const isKnown = (specifier: string) => /^(\.\.?\/|node:)/.test(specifier) || specifier in imports
  return [...new Set(imported)]
    .filter((specifier) => !isKnown(specifier))
    .map((specifier) => `${configOf(name)} does not map "${specifier}", which the function imports.`)
}

const configOf = (name: string) => `supabase/functions/${name}/deno.json`
