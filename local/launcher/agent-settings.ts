/** What the agents may be told by the shell; the same names are secrets of the functions elsewhere. */
import { LaunchError } from './launch-error.ts'

type Environment = Record<string, string | undefined>

const NUMBERS = [
  { name: 'BATON_WALL_SECONDS', least: 10, most: 86_400, unit: 'seconds' },
  { name: 'BATON_LEASE_SECONDS', least: 1, most: 600, unit: 'seconds' },
  { name: 'BATON_RUN_BUDGET_DOLLARS', least: 0.01, most: 1_000_000, unit: 'dollars' },
]

export function readAgentSettings(environment: Environment): Record<string, string> {
  const settings: Record<string, string> = {}
  const model = environment.BATON_MODEL
  if (model) settings.BATON_MODEL = checkedModel(model)
  for (const { name, least, most, unit } of NUMBERS) {
    const text = environment[name]
    if (!text) continue
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new LaunchError(`${name} is "${text}", and must be a number of ${unit} from ${least} to ${most}.`)
    settings[name] = String(value)
  }
  return settings
}

function checkedModel(name: string): string {
  if (/^[\w.:/@-]{1,200}$/.test(name)) return name
  throw new LaunchError(
    `BATON_MODEL is "${name}", and must be the name of a model, such as claude-sonnet-5-5, without spaces.`,
  )
}
