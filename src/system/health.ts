export type PartHealth = { name: string; isUp: boolean; detail: string | null; latencyMs: number | null }
export type Health = { isWhole: boolean; parts: PartHealth[] }

/** `{status, parts: {<name>: {state, detail?, latencyMs}}}`; anything else means that there is no such page here. */
export function parseHealth(status: number, body: string): Health | null {
  if (status !== 200 && status !== 503) return null
  const { parts } = Object(parsed(body)) as { parts?: unknown }
  if (typeof parts !== 'object' || parts === null) return null
  const list = Object.entries(parts).map(([name, part]) => partHealth(name, part))
  return { isWhole: list.every(({ isUp }) => isUp), parts: list }
}

function partHealth(name: string, part: unknown): PartHealth {
  const { state, detail, latencyMs } = Object(part) as Record<string, unknown>
  return {
    name,
    isUp: state === 'up',
    detail: typeof detail === 'string' ? detail : null,
    latencyMs: typeof latencyMs === 'number' ? latencyMs : null,
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
