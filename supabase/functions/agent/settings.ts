import { optional, required, type Variables } from '../_shared/environment.ts'

export type Settings = {
  databaseUrl: string
  model: string
  apiKey: string
  baseUrl: string | null
  /** How long the platform lets a worker live: 150 s on hosted Supabase's free plan. */
  wallMs: number
  /** Whether that counts from the start of the process, as where Supabase runs it, and not from each request. */
  processIsTimed: boolean
  /** How long a run is nobody else's after its worker was last heard of. */
  leaseSeconds: number
  runBudgetDollars: number
  /** Takes the place of the model's own window. */
  windowTokens: number | null
}

export function readSettings(variables?: Variables): Settings {
  return {
    databaseUrl: required('SUPABASE_DB_URL', variables),
    model: optional('BATON_MODEL', variables) ?? 'claude-sonnet-5-5',
    apiKey: optional('ANTHROPIC_API_KEY', variables) ?? '',
    baseUrl: optional('ANTHROPIC_BASE_URL', variables),
    wallMs: numberOf('BATON_WALL_SECONDS', 150, 1, variables) * 1_000,
    processIsTimed: optional('SB_EXECUTION_ID', variables) !== null,
    leaseSeconds: numberOf('BATON_LEASE_SECONDS', 3, 1, variables),
    runBudgetDollars: numberOf('BATON_RUN_BUDGET_DOLLARS', 20, 0.01, variables),
    windowTokens: numberOf('BATON_WINDOW_TOKENS', 0, 0, variables) || null,
  }
}

function numberOf(name: string, otherwise: number, least: number, variables?: Variables): number {
  const text = optional(name, variables)
  if (text === null) return otherwise
  const value = Number(text)
  if (!(value >= least)) throw new Error(`${name} must be a number of at least ${least}, not "${text}".`)
  return value
}
