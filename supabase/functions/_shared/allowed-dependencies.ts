/**
 * What a generated app may use beside its own files: nothing else is ever installed or bundled. The versions are those
 * that Baton itself has installed, since builds take them from there; a test compares them.
 */
export type AllowedDependency = {
  version: string
  purpose: string
  /** What may be written after `from`. */
  imports: readonly string[]
}

export const ALLOWED_DEPENDENCIES: Readonly<Record<string, AllowedDependency>> = {
  react: {
    version: '19.3.1',
    purpose: 'components',
    imports: ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime'],
  },
  'react-dom': { version: '19.3.1', purpose: 'rendering', imports: ['react-dom', 'react-dom/client'] },
  'react-router': {
    version: '7.18.5',
    purpose: 'pages and links',
    imports: ['react-router', 'react-router/dom'],
  },
  '@tanstack/react-query': {
    version: '5.108.0',
    purpose: 'data from a server',
    imports: ['@tanstack/react-query'],
  },
  '@supabase/supabase-js': {
    version: '2.109.0',
    purpose: 'a Supabase backend',
    imports: ['@supabase/supabase-js'],
  },
  'radix-ui': { version: '1.8.1', purpose: 'accessible primitives', imports: ['radix-ui'] },
  'lucide-react': { version: '1.75.0', purpose: 'icons', imports: ['lucide-react'] },
  clsx: { version: '2.1.1', purpose: 'class names', imports: ['clsx'] },
  'tailwind-merge': { version: '3.7.0', purpose: 'class names', imports: ['tailwind-merge'] },
  'class-variance-authority': {
    version: '0.7.1',
    purpose: 'variants of a component',
    imports: ['class-variance-authority'],
  },
  zod: { version: '4.6.7', purpose: 'checking data', imports: ['zod'] },
  'react-hook-form': { version: '7.92.0', purpose: 'forms', imports: ['react-hook-form'] },
  zustand: {
    version: '5.1.0',
    purpose: 'shared state',
    imports: ['zustand', 'zustand/middleware', 'zustand/react/shallow'],
  },
  recharts: { version: '3.10.1', purpose: 'charts', imports: ['recharts'] },
  'date-fns': { version: '4.4.0', purpose: 'dates', imports: ['date-fns', 'date-fns/locale'] },
  motion: { version: '14.14.0', purpose: 'animation', imports: ['motion', 'motion/react'] },
  sonner: { version: '2.0.8', purpose: 'toasts', imports: ['sonner'] },
}

export const allowedImports = (): string[] =>
  Object.values(ALLOWED_DEPENDENCIES).flatMap(({ imports }) => imports)

/** `@scope/name/deep` → `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Why a specifier may not be imported, in words that say what to do; null if it may. */
export function refusalOfImport(specifier: string): string | null {
  const name = packageOf(specifier)
  const dependency = Object.hasOwn(ALLOWED_DEPENDENCIES, name) ? ALLOWED_DEPENDENCIES[name] : undefined
  if (dependency?.imports.includes(specifier)) return null
  if (dependency) {
    return `"${specifier}" cannot be imported: of ${name} there is ${dependency.imports.map((known) => `"${known}"`).join(', ')}.`
  }
  return `"${name}" is not among the packages that an app may use, which are: ${Object.keys(ALLOWED_DEPENDENCIES).join(', ')}.`
}
