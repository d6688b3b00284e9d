/** What the world sees of an app while parts of Baton die: the edition before or the edition after, whole, and at the end the last. */
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  newPlace,
  type Place,
  type Run,
  readStatus,
  runNpm,
  type Status,
  stop,
  until,
} from '../../scripts/baton-process.ts'

const PATIENCE_MS = 60_000

let place: Place
let run: Run
let status: Status
let token: string
beforeAll(async () => {
  place = await newPlace()
  run = runNpm(['start'], { environment: place.environment })
  await run.prints('Baton is ready')
  status = readStatus(place).status!
  token = await signIn()
})
afterAll(async () => {
  await stop(run, place)
  place[Symbol.dispose]()
})

test('whichever part dies while an app is published, the world sees all of an edition, and soon the new one', async () => {
  const project = await newProject()
  await publish(project, 1)
  await eventually(async () => (await editionAt(productionOf(project))) === 1, 'the first edition')
  for (const [before, part] of ['gateway', 'preview', 'builder', 'postgres'].entries()) {
    const edition = before + 2
    await publish(project, edition)
    await pause(before * 40)
    kill(part)
    const seen = new Set<number>()
    await eventually(async () => {
      const now = await editionAt(productionOf(project))
      if (now) seen.add(now)
      return now === edition
    }, `edition ${edition} after the death of ${part}`)
    expect(
      [...seen].filter((one) => one < edition - 1),
      `after the death of ${part}`,
    ).toEqual([])
  }
  const [newest] = await rpc<{ builds: { state: string; kind: string }[] }>('project_snapshot', {
    project_id: project.id,
  }).then(({ builds }) => builds.filter(({ kind }) => kind === 'production'))
  expect(newest!.state).toBe('succeeded')
})

test('what is shown is served on while the database and Storage are away, and after the host itself was killed', async () => {
  const project = await newProject()
  await publish(project, 1)
  const addresses = [productionOf(project), previewOf(project)]
  for (const address of addresses) await eventually(async () => (await editionAt(address)) === 1, address)
  for (const part of ['gateway', 'postgres']) kill(part)
  for (let look = 0; look < 20; look += 1)
    for (const address of addresses) expect(await editionAt(address), `${address}, look ${look}`).toBe(1)
  kill('preview')
  for (const address of addresses)
    await eventually(async () => (await editionAt(address)) === 1, `${address} again`)
  kill('preview')
  await publish(project, 2)
  for (const address of addresses)
    await eventually(async () => (await editionAt(address)) === 2, `${address} anew`)
})

type Project = { id: string; slug: string }

/** Null while nobody answers, or says that it cannot show it now. Throws where a part of a page is missing. */
async function editionAt(host: string): Promise<number | null> {
  const page = await read(host, '/').catch(() => null)
  if (page?.status !== 200) return null
  const paths = [...page.text.matchAll(/(?:src|href)="(\/(?:assets|@m|@css)\/[^"]+)"/g)].map(
    ([, path]) => path!,
  )
  const files = await Promise.all(paths.map((path) => read(host, path).catch(() => null)))
  if (files.some((file) => file === null || file.status === 503)) return null
  expect(paths.length, `what the page of ${host} needs`).toBeGreaterThan(0)
  for (const [index, file] of files.entries()) expect(file!.status, `${host}${paths[index]}`).toBe(200)
  const said = /Edition (\d+)/.exec(files.map((file) => file!.text).join('\n'))
  return Number(said?.[1] ?? 0)
}

function read(host: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const port = Number(new URL(status.PREVIEW_URL).port)
    const headers = { host, accept: 'text/html,*/*' }
    get({ host: '127.0.0.1', port, path, headers, agent: false, timeout: 5_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, text }))
      response.on('error', fail)
    }).on('error', fail)
  })
}

const previewOf = ({ slug }: Project) => `${slug}.${new URL(status.PREVIEW_URL).host}`
const productionOf = (project: Project) => previewOf(project).replace('.preview.', '.apps.')
const kill = (part: string) => process.kill(readStatus(place).status!.PIDS[part]!, 'SIGKILL')

async function newProject(): Promise<Project> {
  const { memberships } = await rpc<{ memberships: { team_id: string }[] }>('user_snapshot', {})
  return await rpc('create_project', { team_id: memberships[0]!.team_id, name: 'Editions' })
}

/** Asked for again while nobody answers: parts are dying. */
async function publish({ id }: Project, edition: number): Promise<void> {
  const content = `export default () => <h1>Edition ${edition}</h1>\n`
  const files = [{ path: 'src/App.tsx', content }]
  await untilAnswered(() => rpc('import_files', { project_id: id, files }))
  await untilAnswered(() => rpc('publish', { project_id: id }))
}

const untilAnswered = (ask: () => Promise<unknown>) =>
  eventually(
    () =>
      ask().then(
        () => true,
        () => false,
      ),
    'an answer of the API',
  )

const eventually = (condition: () => Promise<boolean>, what: string) => until(condition, what, PATIENCE_MS)

async function rpc<Answer>(name: string, args: object): Promise<Answer> {
  return await post(`rest/v1/rpc/${name}`, args, { authorization: `Bearer ${token}` })
}

async function signIn(): Promise<string> {
  const { access_token } = await post<{ access_token: string }>('auth/v1/token?grant_type=password', {
    email: 'owner@demo.test',
    password: 'baton-demo',
  })
  return access_token
}

async function post<Answer>(path: string, body: object, more: Record<string, string> = {}): Promise<Answer> {
  const headers = { apikey: status.PUBLISHABLE_KEY, 'content-type': 'application/json', ...more }
  const response = await fetch(`${status.API_URL}/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as Answer
}
