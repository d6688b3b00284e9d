import type { ServerResponse } from 'node:http'

const PATHS: Record<string, string> = { '/stack/health': '/health', '/stack/metrics': '/metrics' }
const PATIENCE = 3_000

/**
 * The operator page asks here how the API is: its own answers are not for pages of other origins, of which this app
 * is one. False when the path is about something else.
 */
export async function answerStackState(
  apiUrl: string,
  path: string,
  response: ServerResponse,
): Promise<boolean> {
  const wanted = PATHS[path]
  if (!wanted) return false
  const { status, type, body } = await ask(`${apiUrl}${wanted}`)
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
  return true
}

async function ask(url: string): Promise<{ status: number; type: string; body: string }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
    const type = answer.headers.get('content-type') ?? 'text/plain'
    return { status: answer.status, type, body: await answer.text() }
  } catch {
    return { status: 502, type: 'text/plain', body: 'The API does not answer.\n' }
  }
}
