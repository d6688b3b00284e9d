/** Which request a person means by their words, given the app that is there. */
import type { Script, ScriptedRequest } from '../script/script.ts'
import type { ComputedRequest } from './computed.ts'
import { GENERAL } from './general/general.ts'

export type Match =
  | { kind: 'scripted'; script: Script; request: ScriptedRequest }
  | { kind: 'computed'; request: ComputedRequest; match: RegExpExecArray }

const WISH = /\b(?:build|make|create|write|design|develop|code|start|give|need|want|would like|i'd like)\b/i

export function matchRequest(text: string, scripts: Script[], current: Script | null): Match | null {
  const of = (kind: ScriptedRequest['kind'], among = scripts) =>
    among.flatMap((script) =>
      script.requests.filter((request) => request.kind === kind).map((request) => ({ script, request })),
    )
  const find = (candidates: { script: Script; request: ScriptedRequest }[]): Match | null => {
    const found = candidates.find(({ request }) => request.when.test(text))
    return found ? { kind: 'scripted', ...found } : null
  }
  const changes = current ? of('change', [current]) : []
  const builds = of('build')
  return (
    find(of('other')) ??
    find(changes) ??
    (WISH.test(text) ? find(builds) : null) ??
    matchComputed(text) ??
    (current ? null : find(builds))
  )
}

function matchComputed(text: string): Match | null {
  for (const request of GENERAL) {
    const match = request.when.exec(text)
    if (match) return { kind: 'computed', request, match }
  }
  return null
}
