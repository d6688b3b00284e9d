/**
 * Files on their way into a project, in pieces. Nobody sees them before the end, which brings all of them in at once; so
 * what fails on the way has changed nothing, and trying again goes on behind the last piece that arrived.
 */
import type { ImportedFile, Project } from '../../supabase/functions/_shared/protocol.ts'
import { fieldOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { inParts } from './in-parts.ts'
import type { ZipFile } from './read-zip.ts'

export type Sending = {
  id: string
  parts: ImportedFile[][]
  fileCount: number
  /** How many parts are there. */
  arrived: number
}

export const beginSending = (files: readonly ZipFile[]): Sending => ({
  id: crypto.randomUUID(),
  parts: inParts(files),
  fileCount: files.length,
  arrived: 0,
})

export const filesArrived = ({ parts, arrived }: Sending): number =>
  parts.slice(0, arrived).reduce((sum, part) => sum + part.length, 0)

type Way = { onArrived(): void; signal: AbortSignal }

export async function importInto(
  projectId: string,
  sending: Sending,
  replace: boolean,
  way: Way,
): Promise<void> {
  await stage(sending, way)
  await orBeginAgain(sending, () =>
    rpc(
      'finish_import',
      { import_id: sending.id, project_id: projectId, file_count: sending.fileCount, replace },
      way.signal,
    ),
  )
}

export async function importAsProject(
  teamId: string,
  name: string,
  sending: Sending,
  way: Way,
): Promise<Project> {
  await stage(sending, way)
  return await orBeginAgain(sending, () =>
    rpc(
      'import_project',
      { import_id: sending.id, team_id: teamId, name, file_count: sending.fileCount },
      way.signal,
    ),
  )
}

async function stage(sending: Sending, { onArrived, signal }: Way): Promise<void> {
  for (const files of sending.parts.slice(sending.arrived)) {
    await orBeginAgain(sending, () => rpc('stage_files', { import_id: sending.id, files }, signal))
    sending.arrived += 1
    onArrived()
  }
}

/** What waited for so long that it was forgotten begins again when it is tried again. */
async function orBeginAgain<Answer>(sending: Sending, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    const error = toBatonError(cause)
    if (error.code === 'BT003' || fieldOf(error) === 'file_count')
      Object.assign(sending, { id: crypto.randomUUID(), arrived: 0 })
    throw cause
  }
}
