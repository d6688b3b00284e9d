/** What becomes of builds when processes die, Storage is away, or several builders want the same. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../supabase/functions/_shared/protocol.ts'
import { pickFreePorts } from '../launcher/ports.ts'
import { type Building, startBuilding, until } from './testing/building.ts'

let world: Building
beforeAll(async () => {
  world = await startBuilding(null, ['gateway', 'builder'])
}, 180_000)
afterAll(() => world?.[Symbol.asyncDispose]())

const app = (text: string) => ({ 'src/App.tsx': `export default () => <h1>${text}</h1>\n` })

/** Every file of a manifest can be had. */
async function expectWhole(manifest: Manifest): Promise<void> {
  const hashes = Object.values(manifest.files).map(({ hash }) => hash)
  const [row] = await world.sql<
    { missing: string[] }[]
  >`select public.missing_blobs(${hashes}::text[]) as missing`
  expect(row!.missing).toEqual([])
}

test('a builder that is killed at any point is followed by another, and nothing is half deployed', {
  timeout: 120_000,
}, async () => {
  const project = await world.project()
  await world.deployed(project)
  for (const delay of [0, 15, 40, 80, 160]) {
    const seen = new Set<string>()
    await world.write(project, app(`killed after ${delay}`))
    await new Promise((settle) => setTimeout(settle, delay))
    const before = world.part('builder').pid
    process.kill(before!, 'SIGKILL')
    await until(async () => {
      const { id, manifest } = await world.live(project)
      if (!seen.has(id)) await expectWhole(manifest)
      seen.add(id)
      const [build] = await world.sql`
        select state, deployment_id from public.builds where project_id = ${project} order by version desc, created_at desc limit 1`
      return build!.state === 'succeeded' && build!.deployment_id === id ? true : undefined
    })
    await until(async () => (world.part('builder').pid === before ? undefined : true))
    const { manifest } = await world.live(project)
    const { modules } = manifest.graph as { modules: Record<string, { url: string }> }
    expect(await world.content(manifest, modules['src/App.tsx']!.url)).toContain(`killed after ${delay}`)
  }
})

test('several builders share the work, and each build is done once', { timeout: 120_000 }, async () => {
  await Promise.all([world.builder(), world.builder()])
  const projects = await Promise.all(Array.from({ length: 12 }, () => world.project()))
  for (const project of projects) await world.deployed(project)
  const builds = await world.sql<{ worker: string; attempts: number; state: string }[]>`
    select worker, attempts, state from public.builds where project_id = any (${projects}) and kind = 'preview'`
  expect(builds.every(({ attempts, state }) => attempts === 1 && state === 'succeeded')).toBe(true)
  expect(new Set(builds.map(({ worker }) => worker)).size).toBeGreaterThan(1)
})

test('while Storage is away previews are deployed from rows, and carried there when it is back', {
  timeout: 120_000,
}, async () => {
  await using other = await startBuilding(null)
  await using road = await openRoad(other.config.ports.api)
  await other.builder({ apiUrl: `http://127.0.0.1:${road.port}` })
  const project = await other.project()
  await other.deployed(project)
  road.close()
  await other.write(project, app('without Storage'))
  const { manifest } = await other.deployed(project)
  const waiting = () => other.sql<{ hash: string }[]>`select hash from public.fresh_blobs`
  expect((await waiting()).length).toBeGreaterThan(0)
  await road.open()
  await until(async () => ((await waiting()).length === 0 ? true : undefined))
  const { modules } = manifest.graph as { modules: Record<string, { url: string }> }
  expect(await other.content(manifest, modules['src/App.tsx']!.url)).toContain('without Storage')
})

/** The way to the API, which can be closed. */
async function openRoad(target: number) {
  const [port = 0] = await pickFreePorts(1)
  const open = new Set<Socket>()
  let server: Server | undefined
  const road = {
    port,
    async open() {
      server = createServer((near) => {
        const far = dial(target, '127.0.0.1')
        for (const [one, other] of [
          [near, far],
          [far, near],
        ] as const) {
          open.add(one)
          one.on('error', () => other.destroy()).on('close', () => open.delete(one))
          one.pipe(other)
        }
      })
      await new Promise<void>((settle) => server!.listen(port, '127.0.0.1', settle))
    },
    close() {
      server?.close()
      for (const socket of open) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      road.close()
    },
  }
  await road.open()
  return road
}
