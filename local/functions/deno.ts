import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The program itself rather than npm's shim around it, which would be one more process that can be orphaned. */
export function denoBinary(): string {
  const require = createRequire(import.meta.url)
  const fileName = process.platform === 'win32' ? 'deno.exe' : 'deno'
  for (const name of [platformPackage(), 'deno']) {
    try {
      const path = require.resolve(`${name}/package.json`).replace(/package\.json$/, fileName)
      if (existsSync(path)) return path
    } catch {
      // Not installed for this platform; the next may be.
    }
  }
  throw new Error(`Deno is missing for ${process.platform}-${process.arch}; run "npm ci".`)
}

function platformPackage(): string {
  const system =
    process.platform === 'linux' ? `linux-${process.arch}-glibc` : `${process.platform}-${process.arch}`
  return `@deno/${system}`
}
