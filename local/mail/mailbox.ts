/**
 * The mails that were caught: one `.eml` file each, named by time and chance, so that the folder alone says which
 * there are and in which order. What the list shows is read from the files when the mailbox is opened.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Message, readMessage, type Summary, summarize } from './message.ts'

export type Mailbox = {
  /** Puts a mail in, as it was sent, for the recipients that the sender named to the server. */
  add(source: Buffer, recipients: string[]): Promise<Summary>
  /** Newest first. */
  list(recipient?: string): Summary[]
  get(id: string): Promise<Message | null>
  clear(): Promise<void>
  onChange(listener: () => void): () => void
}

const KEPT = 500
const TIME_DIGITS = 15

export async function openMailbox(folder: string, kept = KEPT): Promise<Mailbox> {
  await mkdir(folder, { recursive: true })
  let summaries = await readAll(folder)
  let latest = Number(summaries[0]?.id.slice(0, TIME_DIGITS) ?? 0)
  const listeners = new Set<() => void>()
  /** Later than any before, so that mails of the same moment keep their order. */
  const newId = () => {
    latest = Math.max(Date.now(), latest + 1)
    return `${latest.toString().padStart(TIME_DIGITS, '0')}-${randomBytes(6).toString('hex')}`
  }
  const fileOf = (id: string) => join(folder, `${id}.eml`)
  const remove = (ids: string[]) => Promise.all(ids.map((id) => rm(fileOf(id), { force: true })))
  const changed = () => {
    for (const listener of listeners) listener()
  }

  return {
    async add(source, recipients) {
      const id = newId()
      const file = Buffer.concat([Buffer.from(envelopeLines(recipients)), source])
      await writeFile(`${fileOf(id)}.part`, file)
      await rename(`${fileOf(id)}.part`, fileOf(id))
      const summary = summarize(await readMessage(id, file))
      summaries = [summary, ...summaries].sort(newestFirst)
      const surplus = summaries.splice(kept)
      await remove(surplus.map(({ id }) => id))
      changed()
      return summary
    },

    list(recipient) {
      const address = recipient?.toLowerCase()
      return address ? summaries.filter(({ to }) => to.includes(address)) : [...summaries]
    },

    async get(id) {
      if (!summaries.some((summary) => summary.id === id)) return null
      const file = await readFile(fileOf(id)).catch(() => null)
      return file && readMessage(id, file)
    },

    async clear() {
      const ids = summaries.map(({ id }) => id)
      summaries = []
      await remove(ids)
      changed()
    },

    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function readAll(folder: string): Promise<Summary[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{15}-[0-9a-f]{12}\.eml$/.test(file))
  const messages = await Promise.all(
    files.map(async (file) => readMessage(file.replace('.eml', ''), await readFile(join(folder, file)))),
  )
  return messages.map(summarize).sort(newestFirst)
}

const newestFirst = (one: Summary, other: Summary) => (one.id < other.id ? 1 : -1)

function envelopeLines(recipients: string[]): string {
  return recipients.map((recipient) => `Delivered-To: ${recipient.replace(/[\r\n]/g, '')}\r\n`).join('')
}
