import { expect, test } from 'vitest'
import type { LiveDeployment } from '../../supabase/functions/_shared/protocol.ts'
import { createLiveHosts } from './live-hosts.ts'
import type { Rows } from './source.ts'

const showing = (id: string) =>
  ({
    host: { slug: 'todo', project_id: 'p' },
    allowed: true,
    deployment: { id },
  }) as unknown as LiveDeployment
const CHANGE = { kind: 'preview', slug: 'todo', project_id: 'p' } as const

/** Reads that the test answers when it wants to. */
function openReads() {
  const reads: { answer(id: string): void; fail(): void }[] = []
  const live = () =>
    new Promise<LiveDeployment>((answer, fail) => {
      reads.push({ answer: (id) => answer(showing(id)), fail: () => fail(new Error('away')) })
    })
  const hosts = createLiveHosts({ live } as unknown as Rows, () => {})
  hosts.hearing(true)
  return { reads, hosts, find: () => hosts.find('preview', 'todo').then((found) => found?.deployment?.id) }
}

test('is read once for all who ask, and again only when its host is named', async () => {
  const { reads, hosts, find } = openReads()
  const asked = [find(), find(), find()]
  reads[0]!.answer('one')
  expect(await Promise.all(asked)).toEqual(['one', 'one', 'one'])
  hosts.changed({ ...CHANGE, slug: 'other' })
  expect(await find()).toBe('one')
  hosts.changed(CHANGE)
  const next = find()
  reads[1]!.answer('two')
  expect(await next).toBe('two')
  expect(reads).toHaveLength(2)
})

test('a read that began before a change is not believed', async () => {
  const { reads, hosts, find } = openReads()
  const asked = find()
  hosts.changed(CHANGE)
  reads[0]!.answer('one')
  await expect.poll(() => reads.length).toBe(2)
  reads[1]!.answer('two')
  expect(await asked).toBe('two')
})

test('those who watch are told of each change, under every label of the host', async () => {
  const { reads, hosts, find } = openReads()
  const told: (string | undefined)[] = []
  hosts.watch('preview', 'todo', (live) => told.push(live?.deployment?.id))
  const asked = find()
  reads[0]!.answer('one')
  await asked
  hosts.changed(CHANGE)
  await expect.poll(() => reads.length).toBe(2)
  reads[1]!.answer('two')
  await expect.poll(() => told).toEqual(['two'])
})

test('what was missed while nothing was heard is read again', async () => {
  const { reads, hosts, find } = openReads()
  const asked = find()
  reads[0]!.answer('one')
  await asked
  hosts.hearing(false)
  hosts.hearing(true)
  const next = find()
  reads[1]!.answer('two')
  expect(await next).toBe('two')
})

test('an app is shown on as it was while the database is away, and one that was never read is not', async () => {
  const { reads, hosts, find } = openReads()
  const asked = find()
  reads[0]!.answer('one')
  await asked
  hosts.changed(CHANGE)
  const next = find()
  reads[1]!.fail()
  expect(await next).toBe('one')
  const unknown = hosts.find('preview', 'unknown')
  reads[2]!.fail()
  await expect(unknown).rejects.toThrow('away')
})
