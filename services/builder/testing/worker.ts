/** A worker as the builder has it, given projects of a few lines. */
import type { Answer, Output, Vendor } from '../worker/messages.ts'
import { createWorkerProcess, type WorkerLimits, type WorkerProcess } from '../worker-process.ts'

export const NO_VENDOR: Vendor = { id: 'none', imports: {}, preloads: {} }
const PAGE =
  '<!doctype html><html><head></head><body><script type="module" src="/src/main.tsx"></script></body></html>'

/** As a template of TypeScript has it. */
const DIGIT = '$' + '{D}'

export type Files = Record<string, string>
export type TestWorker = WorkerProcess & {
  preview(files: Files, timeoutMs?: number): Promise<Answer>
  production(files: Files, variables?: Record<string, string>, timeoutMs?: number): Promise<Answer>
  types(files: Files, timeoutMs?: number): Promise<Answer>
}

/** Unions of 10,000 words each, compared with each other: minutes and gigabytes. */
export const ENDLESS_TYPES: Files = {
  'src/main.tsx': [
    'type D = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9',
    ...Array.from({ length: 200 }, (_, index) => [
      `type N${index} = \`${DIGIT.repeat(4)}.${index}\``,
      `export const n${index}: N${index} = null! as N${(index + 1) % 200}`,
    ]).flat(),
  ].join('\n'),
}

let projects = 0

export function startWorker(limits: Partial<WorkerLimits> = {}): TestWorker {
  const worker = createWorkerProcess(
    { mode: 'production', memoryMb: 1_536, idleMs: 60_000, ...limits },
    () => {},
  )
  const list = (files: Files) =>
    Object.entries({ 'index.html': PAGE, ...files }).map(([path, content]) => ({ path, content }))
  return {
    ...worker,
    get pid() {
      return worker.pid
    },
    preview: (files, timeoutMs = 30_000) =>
      worker.run(
        {
          kind: 'preview',
          project: `project ${++projects}`,
          base: null,
          version: 1,
          files: list(files),
          removed: [],
          variables: {},
          vendor: NO_VENDOR,
        },
        timeoutMs,
      ),
    production: (files, variables = {}, timeoutMs = 60_000) =>
      worker.run({ kind: 'production', files: list(files), variables }, timeoutMs),
    types: (files, timeoutMs = 60_000) => worker.run({ kind: 'types', files: list(files) }, timeoutMs),
  }
}

export function outputOf(answer: Answer): Output {
  if (answer.kind !== 'built') throw new Error(`Not built: ${JSON.stringify(answer)}`)
  return answer.output
}

export function messagesOf(answer: Answer): string[] {
  if (answer.kind !== 'failed') throw new Error(`Not failed: ${JSON.stringify(answer).slice(0, 2_000)}`)
  return answer.errors.map(({ message }) => message)
}

export const textOf = (output: Output): string =>
  output.files.map(({ path, content }) => `${path}\n${String(content)}`).join('\n')
