/**
 * The packages of previews: bundled once for each state of what is installed, kept on the disk of this builder, and
 * uploaded once for all of them. An upload is known to be complete by its last object, which names the set.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ALLOWED_DEPENDENCIES } from '../../supabase/functions/_shared/allowed-dependencies.ts'
import type { BlobFiles } from './blob-files.ts'
import type { Storage } from './storage.ts'
import type { Vendor, VendorFile } from './worker/messages.ts'
import { VENDOR_FORMAT } from './worker/vendor/format.ts'

export type VendorStore = {
  read(): Promise<Vendor>
  /** Every preview that refers to it waits for this. */
  uploaded(signal: AbortSignal): Promise<void>
}
type Bundled = { vendor: Vendor; files: VendorFile[] }

export function openVendorStore(options: {
  folder: string
  bundle(): Promise<Bundled>
  blobFiles: BlobFiles
  storage: Storage
}): VendorStore {
  const { folder, bundle, blobFiles, storage } = options
  let bundled: Promise<Bundled> | undefined
  let upload: Promise<void> | undefined

  const read = () => {
    bundled ??= readOrBundle(folder, bundle)
      .then(async (found) => {
        await Promise.all(found.files.map(({ name, content }) => blobFiles.keep(`vendor/${name}`, content)))
        return found
      })
      .catch((error: unknown) => {
        bundled = undefined
        throw error
      })
    return bundled
  }

  const send = async (signal: AbortSignal) => {
    const { vendor, files } = await read()
    const mark = `vendor/${vendor.id}.json`
    if (await storage.has(mark).catch(() => false)) return
    await storage.putPatiently(
      files.map(({ name, content }) => ({ path: `vendor/${name}`, type: 'text/javascript', content })),
      signal,
    )
    const content = JSON.stringify(vendor.imports)
    await storage.putPatiently([{ path: mark, type: 'application/json', content }], signal)
  }

  return {
    read: async () => (await read()).vendor,
    uploaded(signal) {
      upload ??= send(signal).catch((error: unknown) => {
        upload = undefined
        throw error
      })
      return upload
    },
  }
}

async function readOrBundle(folder: string, bundle: () => Promise<Bundled>): Promise<Bundled> {
  const file = join(folder, `${installed()}.json`)
  const known = await readFile(file, 'utf8').catch(() => null)
  if (known !== null) return JSON.parse(known) as Bundled
  const made = await bundle()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.${process.pid}`, JSON.stringify(made))
  await rename(`${file}.${process.pid}`, file)
  return made
}

const installed = () =>
  createHash('sha256')
    .update(JSON.stringify([VENDOR_FORMAT, ALLOWED_DEPENDENCIES]))
    .digest('hex')
    .slice(0, 16)
