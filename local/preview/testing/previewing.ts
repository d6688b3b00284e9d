/** Everything from a written file to the page that shows it: database, Storage, builder and preview host, as they run. */
import { request } from 'node:http'
import { join } from 'node:path'
import {
  type PreviewSettings,
  type RunningPreview,
  startPreview,
} from '../../../services/preview/node/start.ts'
import type { Host } from '../../../supabase/functions/_shared/protocol.ts'
import { startBuilding } from '../../builder/testing/building.ts'
import { apiUrl, databaseUrl } from '../../config.ts'
import { asPerson } from '../../testing/person.ts'
import { ROOT_DIR } from '../../testing/throwaway.ts'

export type Answer = {
  status: number
  headers: Record<string, string | undefined>
  body: Buffer
  text: string
}
export type Previewing = Awaited<ReturnType<typeof startPreviewing>>

/** Stands for the app: pages of this origin may frame previews. */
export type Options = { appOrigins?: string[] }

export async function startPreviewing({ appOrigins = [] }: Options = {}) {
  const building = await startBuilding()
  const { config, sql, person } = building
  const reports: string[] = []
  let preview: RunningPreview

  const settings = (port: number): PreviewSettings => ({
    rootDir: ROOT_DIR,
    databaseUrl: databaseUrl(config, 'postgres'),
    apiUrl: apiUrl(config),
    secretKey: config.keys.secret,
    cacheDir: join(config.dataDir, 'cache/blobs'),
    listenOn: { host: '127.0.0.1', port },
    domains: (taken) => ({
      preview: `preview.localhost:${taken}`,
      apps: `apps.localhost:${taken}`,
      customDomains: true,
    }),
    appOrigins,
    report: (problem, error) => reports.push(`${problem}: ${error}`),
  })
  preview = await startPreview(settings(0))

  const hostOf = async (project: string, kind = 'preview'): Promise<Host> => {
    const [host] = await sql<
      Host[]
    >`select * from public.hosts where project_id = ${project} and kind = ${kind}`
    return host!
  }

  return {
    ...building,
    reports,
    settings,
    hostOf,
    port: () => preview.port,
    preview: () => preview,
    async startAt(port: number) {
      preview = await startPreview(settings(port))
    },
    async restart(more: Partial<PreviewSettings> = {}) {
      const { port } = preview
      await preview.stop()
      preview = await startPreview({ ...settings(port), ...more })
    },
    /** The name that a browser puts into the Host header. */
    async nameOf(project: string, kind = 'preview'): Promise<string> {
      const { slug } = await hostOf(project, kind)
      return `${slug}.${kind === 'preview' ? 'preview' : 'apps'}.localhost:${preview.port}`
    },
    /** Not `fetch`, which tidies paths and does not let a Host be chosen. */
    ask: (
      host: string,
      path = '/',
      headers: Record<string, string | string[]> = {},
      method = 'GET',
      body?: string,
    ) => askAt(preview.port, host, path, headers, method, body),
    as: <Result>(run: Parameters<typeof asPerson<Result>>[2]) => asPerson(sql, person, run),
    async [Symbol.asyncDispose]() {
      await preview.stop()
      await building[Symbol.asyncDispose]()
    },
  }
}

function askAt(
  port: number,
  host: string,
  path: string,
  headers: Record<string, string | string[]>,
  method: string,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: { host, ...headers }, setHost: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const all = Buffer.concat(chunks)
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            body: all,
            text: all.toString(),
          })
        })
      },
    )
    sent.on('error', reject).end(body)
  })
}
