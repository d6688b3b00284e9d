/** A real browser before a throwaway Baton that serves the built app, with somebody signed in. */
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildApp } from '../local/app/build.ts'
import { pickFreePorts } from '../local/launcher/ports.ts'
import type { PartName } from '../local/part.ts'
import { asPerson, createPerson, createTeam, type Person } from '../local/testing/person.ts'
import { ROOT_DIR, silentLog } from '../local/testing/throwaway.ts'
import { findOrInstallChromium } from '../scripts/chromium.ts'
import { startStack } from './stack.ts'

export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findOrInstallChromium(),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--enable-precise-memory-info',
      '--js-flags=--expose-gc',
    ],
  })
}

export async function startBrowserStack(parts: PartName[] = ['realtime', 'gateway', 'app']) {
  await buildApp(ROOT_DIR, silentLog)
  const [app = 0] = await pickFreePorts(1)
  const ports = { api: 0, app, preview: 0, database: 0, model: 0 }
  const stack = await startStack(parts, (database) => ({
    ports: { ...ports, database: database.ports.database },
  }))
  const browser = await startBrowser()
  const sql = stack.sql('postgres', 4)
  const person = await createPerson(stack.config, stack.sql('supabase_admin'))
  const team = await createTeam(sql, person)
  const make = async (statement: 'project' | 'chat', owner: string): Promise<string> => {
    const [row] = await asPerson(sql, person, (t) =>
      statement === 'project'
        ? t<{ made: { id: string } }[]>`select public.create_project(${owner}, 'Bench') as made`
        : t<{ made: { id: string } }[]>`select public.create_chat(${owner}, 'Bench') as made`,
    )
    return row!.made.id
  }
  return {
    ...stack,
    browser,
    person,
    writer: sql,
    createProject: () => make('project', team.id),
    createChat: (projectId: string) => make('chat', projectId),
    openPage: () => openPage(browser, `http://127.0.0.1:${app}`, person),
    openSignedOut: () => browser.newPage({ baseURL: `http://127.0.0.1:${app}` }),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await stack[Symbol.asyncDispose]()
    },
  }
}

async function openPage(browser: Browser, baseURL: string, { id, email, token }: Person): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } })
  const expires_at = Math.floor(Date.now() / 1_000) + 3_600
  const session = {
    access_token: token,
    refresh_token: 'none',
    token_type: 'bearer',
    expires_in: 3_600,
    expires_at,
  }
  await context.addInitScript(
    (kept) => localStorage.setItem('baton.session', kept),
    JSON.stringify({
      ...session,
      user: { id, email, aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '' },
    }),
  )
  return await context.newPage()
}
