import type { BuildError, PreviewError } from '../../_shared/protocol.ts'
import { done, LIMIT_MS, type Preview, type PreviewState, type Tool } from './tool.ts'

const MOST_LOOKS = 60
const MOST_ERRORS = 10

export const readPreviewErrors: Tool<Record<string, never>> = {
  name: 'read_preview_errors',
  description: `Tells whether the preview of the app could be built, and what is wrong: errors of the build, of the types, and what the running preview reported (exceptions, rejected promises, console errors, failed requests), each with its file and line.

Use it when you have finished writing, to see whether it holds together, and whenever somebody says that something does not work. It waits a few seconds for a build that is under way. What happens while the app runs is only known while somebody has the preview open.`,
  schema: { type: 'object', properties: {}, additionalProperties: false },
  permission: 'read',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run(_, __, preview) {
    return done(reportOf(await settled(preview)))
  },
}

/** The build of what is written by now, and the check of its types, unless they take too long. */
async function settled(preview: Preview): Promise<PreviewState> {
  let state = await preview.state()
  const wanted = state.version
  for (let looks = 1; looks < MOST_LOOKS && !isSettled(state, wanted); looks++) {
    await preview.pause()
    state = await preview.state()
  }
  return state
}

function isSettled({ build }: PreviewState, wanted: number): boolean {
  if (!build || build.version < wanted || build.state === 'pending' || build.state === 'running') return false
  return build.state !== 'succeeded' || build.type_errors !== null
}

export function reportOf(state: PreviewState): string {
  return [...aboutBuild(state), ...aboutTypes(state), ...aboutRunning(state)].join('\n\n')
}

function aboutBuild({ build, version }: PreviewState): string[] {
  if (!build) return ['No preview has been built yet.']
  if (build.state === 'pending' || build.state === 'running')
    return ['The preview is still being built; look again in a moment.']
  if (build.state === 'failed') return failure(build.errors, build.reason)
  if (build.state === 'cancelled') return ['Somebody cancelled the build of the preview.']
  return [
    build.version < version
      ? 'The last preview was built without errors, but files have changed since.'
      : 'The preview was built without errors, from the files as they are now.',
  ]
}

function failure(errors: BuildError[], reason: string | null): string[] {
  const intro = 'The build of the preview failed, so people still see the one before it.'
  if (errors.length === 0) return [`${intro} The reason is: ${reason ?? 'unknown'}.`]
  return [intro, ...listed('error', errors, errorText)]
}

function aboutTypes({ build }: PreviewState): string[] {
  if (build?.state !== 'succeeded') return []
  if (build.type_errors === null) return ['The types have not been checked yet.']
  if (build.type_errors.length === 0) return ['The types are right.']
  return ['The app runs, but its types are not right:', ...listed('type error', build.type_errors, errorText)]
}

function aboutRunning({ reported, shown }: PreviewState): string[] {
  if (!shown) return []
  if (reported.length === 0) return ['Nobody who has the preview open has seen an error in it.']
  return ['The running preview reported:', ...listed('report', reported, reportText)]
}

function listed<Item>(noun: string, items: Item[], text: (item: Item) => string): string[] {
  const left = items.length - MOST_ERRORS
  return [
    ...items.slice(0, MOST_ERRORS).map(text),
    ...(left > 0 ? [`${left} more ${noun}${left === 1 ? '' : 's'} are not shown.`] : []),
  ]
}

function errorText({ file, line, column, message, frame }: BuildError): string {
  const place = [file ?? 'The project', line, column].filter((part) => part !== null).join(':')
  return [place, message.slice(0, 2_000), ...(frame ? [frame.slice(0, 1_000)] : [])].join('\n')
}

const KINDS: Record<PreviewError['kind'], string> = {
  error: 'Exception',
  rejection: 'Rejected promise',
  console: 'Console error',
  network: 'Failed request',
  render: 'Exception while rendering',
}

function reportText({ kind, message, frames, path, count }: PreviewError): string {
  const times = count > 1 ? `, ${count} times` : ''
  const where = path ? ` on ${path}` : ''
  const stack = frames.slice(0, 6).map((frame) => {
    const place = [frame.file, frame.line, frame.column].filter((part) => part !== null).join(':')
    return `    at ${frame.function ? `${frame.function} (${place})` : place}`
  })
  return [`${KINDS[kind]}${where}${times}: ${message.slice(0, 2_000)}`, ...stack].join('\n')
}
