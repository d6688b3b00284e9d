/** Reads the fixture files in the order of their names; the first that matches a request answers it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ChatCompletionRequest, type Fixture, type FixtureFileEntry, LLMock } from '@copilotkit/aimock'

/** What we add to aimock's format: `"/…/i"` is a pattern, and `everyOther` matches the odd attempts of one request. */
type Entry = FixtureFileEntry & { match: { everyOther?: boolean } }

export function readFixtures(dir: string): Fixture[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readFile(join(dir, name)))
}

function readFile(path: string): Fixture[] {
  try {
    const { fixtures: entries } = JSON.parse(readFileSync(path, 'utf8')) as { fixtures: Entry[] }
    const fixtures = new LLMock().addFixturesFromJSON(entries).getFixtures()
    return fixtures.map((fixture, index) => extend(fixture, entries[index]!))
  } catch (cause) {
    throw new Error(`${basename(path)}: ${(cause as Error).message}`, { cause })
  }
}

function extend(fixture: Fixture, { match: { userMessage, everyOther } }: Entry): Fixture {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(String(userMessage ?? '')) ?? []
  const pattern = source ? new RegExp(source, flags) : userMessage
  return {
    ...fixture,
    match: {
      ...fixture.match,
      ...(pattern ? { userMessage: pattern } : {}),
      ...(everyOther ? { predicate: oddAttempts() } : {}),
    },
  }
}

/** True for the first, third, … time that the same conversation is sent; asking twice about one request counts once. */
function oddAttempts(): (request: ChatCompletionRequest) => boolean {
  const attempts = new Map<string, number>()
  const known = new WeakMap<ChatCompletionRequest, boolean>()
  return (request) => {
    if (!known.has(request)) {
      const key = createHash('sha256').update(JSON.stringify(request.messages)).digest('base64')
      const attempt = (attempts.get(key) ?? 0) + 1
      attempts.set(key, attempt)
      known.set(request, attempt % 2 === 1)
    }
    return known.get(request)!
  }
}
