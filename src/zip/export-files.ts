/**
 * What an exported project needs to build on its own, beside its files: Baton keeps these out of projects, since a build
 * here runs nothing that a project brings. What a project has of them already stays as it is.
 */
import { ALLOWED_DEPENDENCIES, packageOf } from '../../supabase/functions/_shared/allowed-dependencies.ts'
import type { ZipFile } from './read-zip.ts'

type Exported = {
  name: string
  slug: string
  files: readonly ZipFile[]
  variables: readonly { name: string; value: string }[]
}

/** Those that Baton builds with; a test compares them. */
export const TOOLS = {
  '@tailwindcss/vite': '4.3.5',
  '@types/react': '19.3.0',
  '@types/react-dom': '19.3.0',
  '@vitejs/plugin-react': '6.3.0',
  tailwindcss: '4.3.5',
  typescript: '7.0.2',
  vite: '8.3.8',
} as const

export function exportFiles({ name, slug, files, variables }: Exported): ZipFile[] {
  const own = new Set(files.map(({ path }) => path))
  const hasConfig = files.some(({ path }) => /^vite\.config\.[cm]?[jt]s$/.test(path))
  const added: ZipFile[] = [
    { path: 'package.json', content: packageJson(slug, files) },
    { path: 'tsconfig.json', content: TSCONFIG },
    { path: '.gitignore', content: 'node_modules\ndist\n.env.local\n' },
    { path: 'README.md', content: readme(name) },
    ...(hasConfig ? [] : [{ path: 'vite.config.ts', content: VITE_CONFIG }]),
    ...(variables.length > 0 ? [{ path: '.env', content: environment(variables) }] : []),
  ]
  const kept = files.filter(({ path }) => path !== 'package.json')
  return [...kept, ...added.filter(({ path }) => path === 'package.json' || !own.has(path))]
}

function packageJson(slug: string, files: readonly ZipFile[]): string {
  const before = parsed(files.find(({ path }) => path === 'package.json')?.content)
  return `${JSON.stringify(
    {
      name: slug,
      private: true,
      version: '0.0.0',
      type: 'module',
      ...before,
      scripts: { ...Object(before.scripts), dev: 'vite', build: 'vite build', preview: 'vite preview' },
      dependencies: { ...Object(before.dependencies), ...dependenciesOf(files) },
      devDependencies: { ...Object(before.devDependencies), ...TOOLS },
    },
    null,
    2,
  )}\n`
}

function parsed(content: string | undefined): Record<string, unknown> {
  try {
    return Object(JSON.parse(content ?? '{}')) as Record<string, unknown>
  } catch {
    return {}
  }
}

const ALWAYS = ['react', 'react-dom']

/** What the files import, at the versions that Baton built them with. */
function dependenciesOf(files: readonly ZipFile[]): Record<string, string> {
  const names = new Set(ALWAYS)
  for (const { path, content } of files) {
    if (!/\.[cm]?[jt]sx?$/.test(path)) continue
    for (const [, specifier] of content.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g))
      if (specifier) names.add(packageOf(specifier))
  }
  const known = [...names].filter((name) => Object.hasOwn(ALLOWED_DEPENDENCIES, name)).sort()
  return Object.fromEntries(known.map((name) => [name, ALLOWED_DEPENDENCIES[name]?.version ?? '*']))
}

const VITE_CONFIG = `import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [react(), tailwindcss()] })
`

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2022',
      module: 'ESNext',
      moduleResolution: 'bundler',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: ['vite/client'],
      jsx: 'react-jsx',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      isolatedModules: true,
    },
    include: ['src'],
  },
  null,
  2,
)}\n`

const readme = (name: string) => `# ${name}

\`\`\`sh
npm install
npm run dev      # while working on it
npm run build    # into dist/, to be served by any web server
\`\`\`

Made with Baton.
`

/** In quotes where a plain value would be read as something else. */
function environment(variables: Exported['variables']): string {
  return variables
    .map(({ name, value }) => {
      if (/^[\w./:@?&=%+,-]*$/.test(value)) return `${name}=${value}\n`
      const quote = ["'", '"', '`'].find((one) => !value.includes(one)) ?? '"'
      return `${name}=${quote}${value.replaceAll('$', '\\$')}${quote}\n`
    })
    .join('')
}
