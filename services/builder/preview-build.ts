/** What changed since the last build goes to the worker; what it made new goes into rows; then the host shows it. */
import { createHash } from 'node:crypto'
import type {
  BuildLogLine,
  ClaimedBuild,
  Manifest,
  ManifestFile,
} from '../../supabase/functions/_shared/protocol.ts'
import { isStorable } from '../../supabase/functions/agent/storable.ts'
import type { BlobFiles } from './blob-files.ts'
import { BlobsMissing, type Builds } from './builds.ts'
import type { HeldProject, Mirror } from './mirror.ts'
import type { Storage } from './storage.ts'
import type { VendorStore } from './vendor-store.ts'
import { originsIn } from './worker/app/environment.ts'
import type { Answer, Output, OutputFile, SourceFile, Task } from './worker/messages.ts'

export type Tools = {
  builds: Builds
  mirror: Mirror
  storage: Storage
  blobFiles: BlobFiles
  vendors: VendorStore
  runPreview(task: Task): Promise<Answer>
  runProduction(task: Task): Promise<Answer>
}
export type Outcome = { kind: 'finished' } | Extract<Answer, { kind: 'failed' }>

/** Rows take texts of up to 1 MB, and 8 MB of them in one call; more than this goes to Storage at once. */
const MOST_IN_ROWS = 6 * 2 ** 20
const LARGEST_IN_ROWS = 900_000

export async function buildPreview(
  claimed: ClaimedBuild,
  tools: Tools,
  signal: AbortSignal,
  began: number,
): Promise<Outcome> {
  const project = await mirrored(claimed, tools)
  const answer = await compiled(claimed, project, tools)
  if (answer.kind === 'failed') return answer
  if (answer.kind !== 'built')
    throw new Error(answer.kind === 'broken' ? answer.message : `Not an answer: ${answer.kind}`)
  await tools.vendors.uploaded(signal)
  const contents = describeOutputs(answer.output, project)
  try {
    await deploy({ claimed, output: answer.output, outputs: project.outputs, contents, tools, signal, began })
  } catch (error) {
    if (!(error instanceof BlobsMissing)) throw error
    // What this builder holds to be there is not, so it begins again with everything in hand.
    project.workerVersion = null
    project.outputs = new Map()
    const again = await compiled(claimed, project, tools)
    if (again.kind !== 'built') throw error
    const all = describeOutputs(again.output, project)
    await deploy({
      claimed,
      output: again.output,
      outputs: project.outputs,
      contents: all,
      tools,
      signal,
      began,
    })
  }
  return { kind: 'finished' }
}

async function mirrored(
  { project: { id }, build, token, sources }: ClaimedBuild,
  { mirror, builds }: Tools,
): Promise<HeldProject> {
  const project = mirror.use(id)
  const contents = await contentsOf(build.id, token, sources.files, builds)
  if (sources.base_version === null) {
    project.files = new Map()
    project.workerVersion = null
  } else if (sources.base_version !== project.version) {
    throw new Error(
      `The database went on from version ${sources.base_version}, and version ${project.version} is held.`,
    )
  }
  for (const path of sources.removed) project.files.delete(path)
  for (const { path, content } of contents) project.files.set(path, content)
  project.version = sources.version
  return project
}

/** Long ones come in portions. */
export async function contentsOf(
  buildId: string,
  token: number,
  files: ClaimedBuild['sources']['files'],
  builds: Builds,
): Promise<SourceFile[]> {
  const complete = files.flatMap(({ path, content }) => (content === null ? [] : [{ path, content }]))
  const left = files.filter(({ content }) => content === null)
  while (left.length > 0) {
    const portion = left.splice(0, portionOf(left))
    complete.push(
      ...(await builds.readSources(
        buildId,
        token,
        portion.map(({ path }) => path),
      )),
    )
  }
  return complete
}

function portionOf(files: { size: number }[]): number {
  let sum = 0
  const end = files.findIndex(({ size }) => {
    sum += size
    return sum > 8 * 2 ** 20
  })
  return end === -1 ? files.length : Math.max(1, end)
}

/** The worker may be a new process that has nothing of what the builder sent to the one before it. */
async function compiled(claimed: ClaimedBuild, project: HeldProject, tools: Tools): Promise<Answer> {
  const { sources, variables } = claimed
  const vendor = await tools.vendors.read()
  const common = {
    kind: 'preview',
    project: claimed.project.id,
    version: project.version,
    variables,
    vendor,
  } as const
  const whole = () => ({
    ...common,
    base: null,
    removed: [],
    files: [...project.files].map(([path, content]) => ({ path, content })),
  })
  const isStep = sources.base_version !== null && project.workerVersion === sources.base_version
  const changed = sources.files.map(({ path }) => ({ path, content: project.files.get(path)! }))
  const step = { ...common, base: sources.base_version, removed: sources.removed, files: changed }
  project.workerVersion = null
  let answer = await tools.runPreview(isStep ? step : whole())
  if (answer.kind === 'unknown') answer = await tools.runPreview(whole())
  if (answer.kind === 'built' || answer.kind === 'failed') project.workerVersion = project.version
  return answer
}

/** Completes what the project's outputs are, and answers the contents that are new among them. */
function describeOutputs({ files }: Output, project: HeldProject): Map<string, OutputFile> {
  const contents = new Map<string, OutputFile>()
  const outputs = new Map<string, ManifestFile>()
  for (const file of files) {
    const known = project.outputs.get(file.path)
    if (file.content !== null) {
      const described = describeFile(file, file.content)
      outputs.set(file.path, described)
      contents.set(described.hash, file)
    } else if (known) outputs.set(file.path, known)
    else throw new Error(`The worker left out ${file.path}, which is not known here.`)
  }
  project.outputs = outputs
  return contents
}

export function describeFile({ type, immutable }: OutputFile, content: string | Uint8Array): ManifestFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const hash = createHash('sha256').update(bytes).digest('hex')
  return { hash, type, size: bytes.length, ...(immutable ? { immutable } : {}) }
}

export async function deploy(options: {
  claimed: ClaimedBuild
  output: Output
  outputs: Map<string, ManifestFile>
  contents: Map<string, OutputFile>
  tools: Tools
  signal: AbortSignal
  began: number
}): Promise<void> {
  const { claimed, output, outputs, contents, tools, signal, began } = options
  const { build, token } = claimed
  const { builds, storage, blobFiles } = tools
  const missing = isMuch(contents) ? await builds.missing([...contents.keys()]) : [...contents.keys()]
  const { inRows, toStorage } = divided(missing, contents)
  await storage.putPatiently(
    toStorage.map((hash) => {
      const { type, content } = contents.get(hash)!
      return { path: `blobs/${hash}`, type, content: content! }
    }),
    signal,
  )
  const connect = originsIn(claimed.variables)
  const manifest: Manifest = {
    format: 1,
    kind: build.kind,
    entry: '/index.html',
    files: Object.fromEntries(outputs),
    ...(connect.length > 0 ? { connect } : {}),
    ...(output.graph ? { graph: output.graph } : {}),
  }
  const duration = Math.round(performance.now() - began)
  await builds.finish(build.id, token, {
    manifest,
    stats: { duration_ms: duration },
    log: [
      ...output.log.map((text): BuildLogLine => ({ at_ms: duration, level: 'info', text })),
      summary(outputs, duration),
    ],
    fresh: inRows.map((hash) => ({ hash, content: contents.get(hash)!.content as string })),
  })
  // Nobody reads them there before they have left the rows.
  for (const hash of missing) void blobFiles.keep(`blobs/${hash}`, contents.get(hash)!.content!)
}

/** Enough that a question costs less than to send again what is there already. */
function isMuch(contents: Map<string, OutputFile>): boolean {
  const length = [...contents.values()].reduce((sum, { content }) => sum + content!.length, 0)
  return contents.size > 12 || length > 50_000
}

function summary(outputs: Map<string, ManifestFile>, duration: number): BuildLogLine {
  const size = [...outputs.values()].reduce((sum, file) => sum + file.size, 0)
  return {
    at_ms: duration,
    level: 'info',
    text: `Built ${outputs.size} files, ${Math.ceil(size / 1024)} kB, in ${duration} ms.`,
  }
}

function divided(
  hashes: string[],
  contents: Map<string, OutputFile>,
): { inRows: string[]; toStorage: string[] } {
  let room = MOST_IN_ROWS
  const inRows: string[] = []
  const toStorage: string[] = []
  for (const hash of hashes) {
    const { content } = contents.get(hash)!
    const fits =
      typeof content === 'string' &&
      content.length <= LARGEST_IN_ROWS &&
      content.length <= room &&
      isStorable(content)
    if (fits) room -= content.length
    ;(fits ? inRows : toStorage).push(hash)
  }
  return { inRows, toStorage }
}
