import { resolve } from 'node:path'
import { readAgentSettings } from './agent-settings.ts'
import { LaunchError } from './launch-error.ts'

export type LaunchOptions = {
  firstPort: number
  dataDir: string
  reset: boolean
  mode: 'start' | 'dev'
  externalDatabaseUrl: string | null
  model: { kind: 'anthropic' | 'compatible' | 'rehearsal'; baseUrl: string | null; apiKey: string }
  agentSettings: Record<string, string>
}

type Environment = Record<string, string | undefined>

const DEFAULT_PORT = 54321
const ANTHROPIC = 'https://api.anthropic.com'

export function readOptions(argv: string[], environment: Environment, rootDir: string): LaunchOptions {
  const unknown = argv.find((argument) => !['--reset', '--dev'].includes(argument))
  if (unknown)
    throw new LaunchError(`"${unknown}" is not an option: use "npm start" or "npm start -- --reset".`)
  return {
    firstPort: readPort(environment.BATON_PORT),
    dataDir: resolve(rootDir, environment.BATON_DATA || '.baton'),
    reset: argv.includes('--reset'),
    mode: argv.includes('--dev') ? 'dev' : 'start',
    externalDatabaseUrl: readDatabaseUrl(environment.DATABASE_URL),
    model: readModel(environment),
    agentSettings: readAgentSettings(environment),
  }
}

function readPort(value: string | undefined): number {
  if (value === undefined || value === '') return DEFAULT_PORT
  const port = Number(value)
  if (/^\d+$/.test(value) && port >= 1 && port <= 65531) return port
  throw new LaunchError(
    `BATON_PORT is "${value}", and must be a number from 1 to 65531, since Baton uses it and the four above it.`,
  )
}

function readDatabaseUrl(value: string | undefined): string | null {
  if (!value) return null
  const isPostgres = URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)
  if (isPostgres) return value
  throw new LaunchError(
    'DATABASE_URL must look like postgresql://user:password@host:5432/postgres; unset it to use the embedded database.',
  )
}

function readModel(environment: Environment): LaunchOptions['model'] {
  const apiKey = environment.ANTHROPIC_API_KEY ?? ''
  const baseUrl = environment.ANTHROPIC_BASE_URL ?? ''
  if (baseUrl && !/^https?:\/\//.test(baseUrl)) {
    throw new LaunchError(`ANTHROPIC_BASE_URL is "${baseUrl}", and must begin with http:// or https://.`)
  }
  if (baseUrl) return { kind: 'compatible', baseUrl, apiKey }
  if (apiKey) return { kind: 'anthropic', baseUrl: ANTHROPIC, apiKey }
  return { kind: 'rehearsal', baseUrl: null, apiKey: 'rehearsal' }
}
