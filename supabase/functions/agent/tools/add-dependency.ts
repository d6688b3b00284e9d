import { ALLOWED_DEPENDENCIES, packageOf, refusalOfImport } from '../../_shared/allowed-dependencies.ts'
import { done, LIMIT_MS, type Tool, ToolError } from './tool.ts'

type Input = { name: string }

const MANIFEST = 'package.json'

export const addDependency: Tool<Input> = {
  name: 'add_dependency',
  description: `Adds a package to package.json, in the version that Baton has, so that the app may import it and also builds elsewhere.

Only the packages that your instructions list can be added; no other exists here. What package.json names already needs no adding.`,
  schema: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 200, description: 'The package, as recharts.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: () => [MANIFEST],
  async run(input, workspace) {
    const name = packageOf(input.name.trim())
    const { version, imports } = allowed(name)
    const file = await workspace.read(MANIFEST)
    const manifest = parsed(file?.content ?? '{}')
    const known = Object(manifest.dependencies)[name]
    const use = `Import it from ${imports.map((specifier) => `"${specifier}"`).join(' or ')}.`
    if (known === version) return done(`${name} ${version} is there already. ${use}`)
    const dependencies = sorted({ ...Object(manifest.dependencies), [name]: version })
    const content = `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`
    return done(`${name} ${version} was added to ${MANIFEST}. ${use}`, [
      { kind: 'write', path: MANIFEST, content, base_version: file?.version ?? 0 },
    ])
  },
}

function allowed(name: string) {
  const dependency = Object.hasOwn(ALLOWED_DEPENDENCIES, name) ? ALLOWED_DEPENDENCIES[name] : undefined
  if (dependency) return dependency
  throw new ToolError(
    'not_allowed',
    `${refusalOfImport(name)} Nothing was added: use one of these, or write what you need yourself.`,
  )
}

function parsed(content: string): Record<string, unknown> {
  try {
    const manifest: unknown = JSON.parse(content)
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return { ...manifest }
  } catch {}
  throw new ToolError(
    'invalid_manifest',
    `${MANIFEST} is not a JSON object, so nothing was added. Correct it first.`,
  )
}

const sorted = (dependencies: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
