/** One Postgres for a whole test run, with a template that every test clones: platform and migrations, no seed. */
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { databaseUrl } from '../config.ts'
import { startThrowaway } from './throwaway.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { port: number; password: string; template: string }
  }
}

const TEMPLATE = 'baton_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const throwaway = await startThrowaway()
  const { config } = throwaway
  const superuser = postgres(databaseUrl(config, 'supabase_admin'), { max: 1 })
  await superuser.unsafe(`create database ${TEMPLATE} template postgres owner postgres`)
  await superuser.unsafe(`alter database ${TEMPLATE} allow_connections false`)
  await superuser.end()
  project.provide('postgres', {
    port: config.ports.database,
    password: config.keys.databasePassword,
    template: TEMPLATE,
  })
  return () => throwaway[Symbol.asyncDispose]()
}
