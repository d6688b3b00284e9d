/**
 * From a change of files to what a browser shows, beside plain Vite on the same files in the same run: its dev server for
 * previews and hot updates, its build for what is published. The page is a real browser's, and the clock is one.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type postgres from 'postgres'
import { build, createServer } from 'vite'
import { asPerson, createPerson, createTeam } from '../local/testing/person.ts'
import { findChromium } from '../scripts/chromium.ts'
import { rootDir } from '../scripts/root.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'
import { type AppFiles, sampleApp } from './sample-app.ts'
import { startStack } from './stack.ts'
import { visibleAfter, watchHeadings } from './visible.ts'

const ROUNDS = times(20, 4)
const TITLE = /(text-3xl font-semibold">Sample )\S+?(<)/
const PART = /(text-accent">\{title\} )\S+?(<)/
const PLACE = mkdtempSync(join(tmpdir(), 'baton-bench-'))

await using stack = await startStack(['gateway', 'builder', 'preview'])
const previewPort = stack.config.ports.preview
const sql = stack.sql('postgres', 4)
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(sql, person)
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox'],
})
const liveNow = new Map<string, string>()
const told: (() => void)[] = []
await sql.listen('hosts', (payload) => {
  const { kind, slug, deployment_id } = JSON.parse(payload) as Record<string, string>
  if (kind === 'preview') liveNow.set(slug!, deployment_id!)
  for (const settle of told.splice(0)) settle()
})

try {
  await warmUp()
  await fromNothing(browser)
  await loadsAndHotUpdates(browser)
  await publishing()
  await manyAtOnce()
  await growth()
} finally {
  await browser.close()
  rmSync(PLACE, { recursive: true, force: true })
}

type Project = { id: string; slug: string }

async function call<Answer>(
  query: (t: postgres.TransactionSql) => Promise<{ answer: Answer }[]>,
): Promise<Answer> {
  return (await asPerson(sql, person, query))[0]!.answer
}
function createProject(): Promise<Project> {
  return call((t) => t<{ answer: Project }[]>`select public.create_project(${team.id}, 'Bench') as answer`)
}

function write(project: Project, files: AppFiles, replace = false): Promise<unknown> {
  const list = Object.entries(files).map(([path, content]) => ({ path, content }))
  return call(
    (t) =>
      t<
        { answer: unknown }[]
      >`select public.import_files(${project.id}, ${t.json(list)}, ${replace}) as answer`,
  )
}

/** By hand, as in the editor. Nobody else writes here, so a file is based on what it is now. */
async function save({ id }: Project, path: string, content: string): Promise<unknown> {
  return await call(
    (t) => t<{ answer: unknown }[]>`
      select public.save_file(${id}, ${path}, ${content}, f.version) as answer from public.files f
      where f.project_id = ${id} and f.path = ${path}`,
  )
}

function addressOf({ slug }: Project): string {
  return `http://${slug}.preview.localhost:${previewPort}/`
}

/** Its host has another deployment than before, by the word that the preview host listens to as well. */
async function live({ slug }: Project, before?: string): Promise<void> {
  while ((liveNow.get(slug) ?? before) === before) await new Promise<void>((settle) => told.push(settle))
}

/** Its last build has ended well, and is what the host shows. */
async function deployed(project: Project, kind = 'preview'): Promise<{ id: string; ms: number }> {
  for (;;) {
    const [build] = await sql<
      { state: string; deployment_id: string; duration_ms: number; errors: unknown }[]
    >`
      select state, deployment_id, duration_ms, errors from public.builds
      where project_id = ${project.id} and kind = ${kind} order by created_at desc, version desc limit 1`
    if (build?.state === 'succeeded') return { id: build.deployment_id, ms: build.duration_ms }
    if (build?.state === 'failed') throw new Error(`The build failed: ${JSON.stringify(build.errors)}`)
    await new Promise((settle) => setTimeout(settle, 1))
  }
}

async function sample(files?: number): Promise<Project> {
  const project = await createProject()
  await write(project, sampleApp(files), true)
  await deployed(project)
  return project
}

/** Nothing is left to do of what was measured before: types are checked when nobody waits for a build. */
async function atRest(): Promise<void> {
  for (;;) {
    const [left] = await sql`
      select from (
        select distinct on (project_id) type_errors from public.builds where kind = 'preview'
        order by project_id, created_at desc, version desc
      ) newest where type_errors is null`
    if (!left) return
    await new Promise((settle) => setTimeout(settle, 20))
  }
}

/** The packages are bundled and in Storage, which happens once for an installation. */
async function warmUp(): Promise<void> {
  await deployed(await createProject())
}

async function fromNothing(browser: Browser): Promise<void> {
  const samples: number[] = []
  const reference: number[] = []
  for (let round = 0; round < ROUNDS / 2; round++) {
    const page = await watchedPage(browser)
    samples.push(
      await visibleAfter(page, 'Your app begins here', async () => {
        const project = await createProject()
        await live(project)
        return addressOf(project)
      }),
    )
    await page.context().close()
    if (round < 3) reference.push(await viteFromNothing(browser, round))
  }
  report(
    'an empty project is made → its preview is visible, p50',
    'ms',
    percentile(samples, 50),
    percentile(reference, 50),
  )
}

/** The template, with nothing that an earlier start has prepared. */
async function viteFromNothing(browser: Browser, round: number): Promise<number> {
  const folder = onDisk(`nothing-${round}`, templateFiles())
  const page = await watchedPage(browser)
  let stop = async () => {}
  const taken = await visibleAfter(page, 'Your app begins here', async () => {
    const server = await viteServer(folder)
    stop = () => server.close()
    return server.resolvedUrls!.local[0]!
  })
  await page.context().close()
  await stop()
  return taken
}

async function watchedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage()
  await watchHeadings(page)
  return page
}

async function loadsAndHotUpdates(browser: Browser): Promise<void> {
  const project = await sample()
  const page = await watchedPage(browser)
  await page.goto(addressOf(project))
  await page.getByRole('heading', { level: 1 }).waitFor()

  const folder = onDisk('hot', sampleApp())
  const server = await viteServer(folder)
  const other = await watchedPage(browser)
  await other.goto(server.resolvedUrls!.local[0]!)
  await other.getByRole('heading', { level: 1 }).waitFor()

  await atRest()
  const app = sampleApp()
  const [hot, viteHot, loads, viteLoads]: number[][] = [[], [], [], []]
  // In pages that stay open, as they do while somebody writes.
  for (let round = 1; round <= 2 * ROUNDS; round++) {
    const path = `src/parts/part-${round % 40}.tsx`
    const changed = app[path]!.replace(PART, `$1new${round}$2`)
    hot!.push(await shownAfter(page, `new${round}`, () => save(project, path, changed)))
    await deployed(project)
    viteHot!.push(
      await shownAfter(other, `new${round}`, async () => writeFileSync(join(folder, path), changed)),
    )
  }
  for (let round = 1; round <= ROUNDS; round++) {
    const title = app['src/app.tsx']!.replace(TITLE, `$1loaded${round}$2`)
    loads!.push(
      await visibleAfter(page, `Sample loaded${round}`, async () => {
        const before = liveNow.get(project.slug)
        await save(project, 'src/app.tsx', title)
        await live(project, before)
        return addressOf(project)
      }),
    )
    viteLoads!.push(
      await visibleAfter(other, `Sample loaded${round}`, async () => {
        writeFileSync(join(folder, 'src/app.tsx'), title)
        return server.resolvedUrls!.local[0]!
      }),
    )
  }
  await server.close()
  await page.close()
  await other.close()
  for (const share of [50, 95]) {
    report(`hot update, write → DOM, p${share}`, 'ms', percentile(hot!, share), percentile(viteHot!, share))
    report(
      `last write → new preview loaded and visible, p${share}`,
      'ms',
      percentile(loads!, share),
      percentile(viteLoads!, share),
    )
  }
}

/** The page waits for the text by itself, so that asking it costs nothing while it works. */
async function shownAfter(page: Page, text: string, change: () => Promise<unknown>): Promise<number> {
  const shown = page.evaluate<number>(`new Promise((settle) => {
    const look = () =>
      document.body.textContent.includes(${JSON.stringify(text)}) && settle(performance.timeOrigin + performance.now())
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
    look()
  })`)
  const began = performance.timeOrigin + performance.now()
  await change()
  return (await shown) - began
}

async function publishing(): Promise<void> {
  const project = await sample()
  await atRest()
  const folder = onDisk('build', sampleApp())
  const own: number[] = []
  const whole: number[] = []
  const vite: number[] = []
  const deployments: string[] = []
  for (let round = 0; round <= Math.max(3, ROUNDS / 2); round++) {
    await save(project, 'src/app.tsx', sampleApp()['src/app.tsx']!.replace(TITLE, `$1version${round}$2`))
    const began = performance.now()
    await call((t) => t<{ answer: unknown }[]>`select public.publish(${project.id}) as answer`)
    const { id, ms } = await deployed(project, 'production')
    const plain = await millisecondsOf(() =>
      build({
        root: folder,
        configFile: false,
        logLevel: 'silent',
        plugins: [react(), tailwindcss()],
        build: { write: false },
      }),
    )
    deployments.push(id)
    if (round === 0) continue // both load their code
    whole.push(performance.now() - began - plain)
    own.push(ms)
    vite.push(plain)
  }
  report('publish build of 44 files, warm, p50', 'ms', percentile(own, 50), percentile(vite, 50))
  report('publish asked for → live, 44 files, p50', 'ms', percentile(whole, 50), percentile(vite, 50))
  await rollingBack(project, deployments)
}

async function rollingBack(project: Project, [first, second]: string[]): Promise<void> {
  const pages = () => pageOf(`${project.slug}.apps.localhost:${previewPort}`)
  const samples: number[] = []
  for (const target of [first, second, first, second, first]) {
    const before = await pages()
    samples.push(
      await millisecondsOf(async () => {
        await call(
          (t) => t<{ answer: unknown }[]>`select public.rollback(${project.id}, ${target!}) as answer`,
        )
        while ((await pages()) === before) await new Promise((settle) => setTimeout(settle, 1))
      }),
    )
  }
  const plain = await millisecondsOf(pages)
  report('rollback asked for → served, p50', 'ms', percentile(samples, 50), plain)
}

/** Node does not look names below localhost up by itself. */
function pageOf(host: string): Promise<string> {
  return new Promise((settle, fail) => {
    const request = get({ host: '127.0.0.1', port: previewPort, headers: { host } }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      settle(text)
    })
    request.on('error', fail)
  })
}

async function manyAtOnce(): Promise<void> {
  const count = times(50, 8)
  const before = residentMb()
  const projects = await Promise.all(Array.from({ length: count }, createProject))
  const taken = await millisecondsOf(async () => {
    await Promise.all(projects.map((project) => write(project, sampleApp(), true)))
    for (const project of projects) await deployed(project)
  })
  const held = residentMb()
  const folder = onDisk('many', sampleApp())
  const plain = await millisecondsOf(() =>
    build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [react(), tailwindcss()],
      build: { write: false },
    }),
  )
  report(`${count} projects of 44 files written at once → all deployed`, 'ms', taken, plain * count)
  report('memory of the builder for each active project', 'MB', (held - before) / count, before)
}

async function growth(): Promise<void> {
  for (const files of [44, 200, 500]) {
    const app = sampleApp(files)
    const project = await sample(files)
    const samples: number[] = []
    for (let round = 0; round < times(10, 3); round++) {
      const path = `src/parts/part-${round + 1}.tsx`
      await save(project, path, app[path]!.replace(PART, `$1grown${round}$2`))
      samples.push((await deployed(project)).ms)
    }
    const folder = onDisk(`growth-${files}`, app)
    const plain = await millisecondsOf(() =>
      build({
        root: folder,
        configFile: false,
        logLevel: 'silent',
        plugins: [react(), tailwindcss()],
        build: { write: false },
      }),
    )
    report(`one change in an app of ${files} files, its build, p50`, 'ms', percentile(samples, 50), plain)
  }
}

/** Of the builder and its workers. */
function residentMb(): number {
  const builder = stack.part('builder').pid!
  const children = readFileSync(`/proc/${builder}/task/${builder}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
  const pages = [builder, ...children].map((pid) =>
    Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]),
  )
  return pages.reduce((sum, count) => sum + count, 0) / 256
}

function templateFiles(): AppFiles {
  const folder = join(rootDir, 'supabase/template')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** Where Vite watches, which it does not below node_modules, and with our packages beside it. */
function onDisk(name: string, files: AppFiles): string {
  const packages = join(PLACE, 'node_modules')
  if (!existsSync(packages)) symlinkSync(join(rootDir, 'node_modules'), packages)
  const folder = join(PLACE, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

async function viteServer(root: string) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    cacheDir: join(root, '.vite'),
    plugins: [react(), tailwindcss()],
    resolve: { alias: { '@': join(root, 'src') } },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  })
  return await server.listen()
}
