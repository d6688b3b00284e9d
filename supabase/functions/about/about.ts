import { optional, type Variables } from '../_shared/environment.ts'
import { type About, PROTOCOL_VERSION } from '../_shared/protocol.ts'

/** What the app may know of this server. Never a key. */
export function about(variables: Variables): About {
  return {
    version: optional('BATON_VERSION', variables) ?? 'unknown',
    protocolVersion: PROTOCOL_VERSION,
    model: modelInUse(variables),
  }
}

function modelInUse(variables: Variables): About['model'] {
  const kind = kindOfModel(variables)
  const host = new URL(optional('ANTHROPIC_BASE_URL', variables) ?? ANTHROPIC_URL).host
  const label = {
    rehearsal: 'Rehearsal model',
    anthropic: 'Claude',
    compatible: `Compatible model at ${host}`,
    none: 'No model is set up',
  }[kind]
  return { kind, label }
}

const ANTHROPIC_URL = 'https://api.anthropic.com'

/** The embedded stack says it; elsewhere the secrets do. */
function kindOfModel(variables: Variables): About['model']['kind'] {
  const told = optional('BATON_MODEL_KIND', variables)
  if (told === 'rehearsal' || told === 'anthropic' || told === 'compatible') return told
  const url = optional('ANTHROPIC_BASE_URL', variables) ?? ANTHROPIC_URL
  if (new URL(url).origin !== ANTHROPIC_URL) return 'compatible'
  return optional('ANTHROPIC_API_KEY', variables) ? 'anthropic' : 'none'
}
