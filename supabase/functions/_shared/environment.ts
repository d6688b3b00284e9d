/** What a function is told by its surroundings. Hosted Supabase and the older stacks name the same keys differently. */
import process from 'node:process'

export type Variables = Record<string, string | undefined>

export function required(name: string, variables: Variables = process.env): string {
  const value = optional(name, variables)
  if (value === null) throw new Error(`The environment variable ${name} is not set.`)
  return value
}

export function optional(name: string, variables: Variables = process.env): string | null {
  return variables[name] || null
}

export const secretKeys = (variables?: Variables) =>
  keys('SUPABASE_SECRET_KEYS', 'SUPABASE_SERVICE_ROLE_KEY', variables)

export const publishableKeys = (variables?: Variables) =>
  keys('SUPABASE_PUBLISHABLE_KEYS', 'SUPABASE_ANON_KEY', variables)

/** Every key that counts, the one to use first. A project has several while one replaces another. */
function keys(name: string, legacyName: string, variables: Variables = process.env): [string, ...string[]] {
  const legacy = optional(legacyName, variables)
  const found = new Set([...dictionary(name, variables), ...(legacy ? [legacy] : [])])
  const [first, ...others] = found
  if (!first) throw new Error(`Neither ${name} nor ${legacyName} is set; one of them must hold a key.`)
  return [first, ...others]
}

function dictionary(name: string, variables: Variables): string[] {
  const text = optional(name, variables)
  if (!text) return []
  try {
    const { default: preferred, ...others } = JSON.parse(text) as Record<string, string>
    return [...(preferred ? [preferred] : []), ...Object.values(others)]
  } catch (cause) {
    throw new Error(`${name} must be a JSON object of keys, such as {"default":"sb_…"}.`, { cause })
  }
}
