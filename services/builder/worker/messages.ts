/** What the builder and its worker say to each other. The worker has no secrets and no network; it computes. */
import type { BuildError, BuildLogLine } from '../../../supabase/functions/_shared/protocol.ts'

export type SourceFile = { path: string; content: string }

/** Which address each package has; the same for every project. */
export type Vendor = { id: string; imports: Record<string, string>; preloads: Record<string, string[]> }

export type PreviewTask = {
  kind: 'preview'
  project: string
  /** Null: `files` is the whole project; else what changed since that version, which the worker is to have. */
  base: number | null
  version: number
  files: SourceFile[]
  removed: string[]
  variables: Record<string, string>
  vendor: Vendor
}
export type ProductionTask = { kind: 'production'; files: SourceFile[]; variables: Record<string, string> }
export type TypesTask = { kind: 'types'; files: SourceFile[] }
export type VendorTask = { kind: 'vendor' }
export type ForgetTask = { kind: 'forget'; project: string }
export type Task = PreviewTask | ProductionTask | TypesTask | VendorTask | ForgetTask

export type OutputFile = {
  path: string
  type: string
  immutable: boolean
  /** Null: unchanged since the last output of this project. */
  content: string | Uint8Array | null
}

export type GraphModule = {
  url: string
  own: string
  imports: string[]
  lazy: string[]
  /** Registers components with react-refresh. */
  refresh: boolean
}
export type Graph = {
  html: string
  vendor: string
  entries: string[]
  css: string[]
  modules: Record<string, GraphModule>
}

export type Output = { files: OutputFile[]; graph: Graph | null; log: BuildLogLine['text'][] }
export type VendorFile = { name: string; content: string }

export type Answer =
  | { kind: 'built'; output: Output }
  | { kind: 'vendor'; vendor: Vendor; files: VendorFile[] }
  | { kind: 'types'; errors: BuildError[] }
  | { kind: 'done' }
  /** The fault of the project. */
  | { kind: 'failed'; errors: BuildError[]; reason: 'errors' | 'too_large' }
  /** The worker does not have the version on which the task goes on. */
  | { kind: 'unknown' }
  /** Ours. */
  | { kind: 'broken'; message: string }

export type Request = { id: number; task: Task }
export type Response = { id: number; answer: Answer }
