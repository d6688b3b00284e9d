/**
 * The bytes of stored objects, one file each: a line of JSON about the object, then its content, so that both change
 * together. A file's name is the hash of bucket and key, so no key can leave the folder, clash with another or be
 * too long. A write goes to a temporary file that is renamed when it is complete: readers see the old object or the
 * new one.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type ObjectFacts = {
  cacheControl: string
  contentLength: number
  size: number
  mimetype: string
  lastModified: Date
  eTag: string
}

/** Room for the facts at the start of a file, filled up with spaces: the content always begins here. */
const HEAD_BYTES = 1_024

type Body = ReadableStream | Uint8Array

export async function createObjectFiles(folder: string) {
  const unfinished = join(folder, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  const fileOf = (bucket: string, key: string) => {
    const name = createHash('sha256').update(`${bucket}\0${key}`).digest('hex')
    return join(folder, 'objects', name.slice(0, 2), name)
  }
  const replace = async (file: string, write: (temporary: string) => Promise<void>) => {
    const temporary = join(unfinished, randomUUID())
    try {
      await write(temporary)
      await mkdir(dirname(file), { recursive: true })
      await rename(temporary, file)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  return {
    driver: null,

    async uploadObject(
      bucket: string,
      key: string,
      _version: string | undefined,
      body: unknown,
      mimetype: string,
      cacheControl: string,
    ): Promise<ObjectFacts> {
      let facts: ObjectFacts | undefined
      await replace(fileOf(bucket, key), async (temporary) => {
        facts = await writeObject(temporary, body as Body, { mimetype, cacheControl })
      })
      return facts as ObjectFacts
    },

    async getObject(bucket: string, key: string) {
      const file = fileOf(bucket, key)
      const metadata = await readFacts(file)
      const content = metadata.size === 0 ? Readable.from([]) : createReadStream(file, { start: HEAD_BYTES })
      return { metadata, httpStatusCode: 200, body: Readable.toWeb(content) }
    },

    headObject: (bucket: string, key: string) => readFacts(fileOf(bucket, key)),

    async deleteObject(bucket: string, key: string): Promise<void> {
      await unlink(fileOf(bucket, key)).catch(ignoreMissing)
    },

    async deleteObjects(bucket: string, keys: string[]): Promise<void> {
      await Promise.all(keys.map((key) => unlink(fileOf(bucket, key)).catch(ignoreMissing)))
    },

    async copyObject(
      bucket: string,
      key: string,
      _version: string | undefined,
      toBucket: string,
      toKey: string,
    ) {
      const from = fileOf(bucket, key)
      await replace(fileOf(toBucket, toKey), (temporary) => copyFile(from, temporary))
      const { eTag, lastModified } = await readFacts(from)
      return { httpStatusCode: 200, eTag, lastModified }
    },

    async privateAssetUrl(): Promise<string> {
      throw new Error('Objects of the embedded stack have no address of their own.')
    },
  }
}

async function writeObject(
  file: string,
  body: Body,
  about: { mimetype: string; cacheControl: string },
): Promise<ObjectFacts> {
  const hash = createHash('md5')
  let size = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  const content = body instanceof Uint8Array ? Readable.from([body]) : Readable.fromWeb(body as never)
  await pipeline(content, measure, createWriteStream(file, { start: HEAD_BYTES, flags: 'wx' }))

  const facts = {
    ...about,
    contentLength: size,
    size,
    eTag: `"${hash.digest('hex')}"`,
    lastModified: new Date(),
  }
  const handle = await open(file, 'r+')
  try {
    await handle.write(head(facts), 0, HEAD_BYTES, 0)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  return facts
}

function head(facts: ObjectFacts): Buffer {
  const text = JSON.stringify(facts)
  if (Buffer.byteLength(text) >= HEAD_BYTES) throw new Error('The content type or cache control is too long.')
  return Buffer.from(text.padEnd(HEAD_BYTES - (Buffer.byteLength(text) - text.length)))
}

async function readFacts(file: string): Promise<ObjectFacts> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const facts = JSON.parse(buffer.toString('utf8')) as ObjectFacts
    return { ...facts, lastModified: new Date(facts.lastModified) }
  } finally {
    await handle.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
