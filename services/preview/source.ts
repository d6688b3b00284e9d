/** What the preview host is told by the rest of Baton. Behind it: Postgres and Storage, or their HTTP interfaces. */
import type {
  DeploymentKind,
  LiveDeployment,
  Manifest,
  ManifestFile,
} from '../../supabase/functions/_shared/protocol.ts'

export type HostKind = DeploymentKind | 'domain'

/** A host row changed: another deployment, another visibility, another key. */
export type HostChange = { kind: DeploymentKind; slug: string; project_id: string }

/** Of a deployment that is not live (any more). */
export type Former = { id: string; version: number; manifest: Manifest }

export type Rows = {
  live(kind: HostKind, label: string): Promise<LiveDeployment | null>
  former(projectId: string, deploymentId: string): Promise<Former | null>
  /** The newest deployment of that app that has this file, for pages that were opened before another took its place. */
  formerFile(projectId: string, kind: DeploymentKind, path: string): Promise<StoredFile | null>
  freshBlobs(hashes: string[]): Promise<Record<string, string>>
  /** What to add to the clock of this machine to have that of the database, in milliseconds. */
  clockOffset(): number
}

export type StoredFile = ManifestFile

export type Store = {
  /** Null: no such object. Throws when it cannot be known. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | null>
}

/** A cache on disk, or none. What it gives is verified. */
export type Disk = Store & { write(path: string, bytes: Uint8Array): Promise<void> }

/** The database or the storage does not answer: nothing is known, and asking again may help. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/** One module of a preview, as the builder describes it. */
export type GraphModule = { url: string; own: string; imports: string[]; lazy: string[]; refresh: boolean }
export type Graph = {
  entries: string[]
  css: string[]
  vendor: string
  html: string
  modules: Record<string, GraphModule>
}
