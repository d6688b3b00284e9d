/** The script of previews, bundled when the host starts: it is small, and so needs no step of its own before. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { build } from 'rolldown'

export async function bundleClient(rootDir: string): Promise<{ code: string; hash: string }> {
  const { output } = await build({
    input: join(rootDir, 'services/preview/client/main.ts'),
    cwd: rootDir,
    write: false,
    platform: 'browser',
    logLevel: 'warn',
    transform: { define: { 'process.env.NODE_ENV': '"development"' }, target: 'es2022' },
    output: { format: 'iife', minify: true },
  })
  const { code } = output[0]
  return { code, hash: createHash('sha256').update(code).digest('hex') }
}
