import type {
  BatonEvent,
  Chat,
  Checkpoint,
  FileChange,
  ProjectFile,
  ProjectSnapshot,
  Run,
} from '../../supabase/functions/_shared/protocol.ts'
import { applyBuildEvent } from '../deployments/build-changes.ts'

/** As many as a snapshot holds. */
const MOST_CHECKPOINTS = 100

/** A fold. The same object when the event says nothing about what a project shows: most of them belong to its chats. */
export function applyProjectEvent(project: ProjectSnapshot, event: BatonEvent): ProjectSnapshot {
  switch (event.kind) {
    case 'project.renamed':
    case 'project.archived':
      return { ...project, project: { ...project.project, ...event.payload } }
    case 'chat.created':
      return { ...project, chats: withChat(project.chats, event.payload) }
    case 'chat.renamed':
    case 'chat.archived':
      return { ...project, chats: patchChat(project.chats, event.payload) }
    case 'run.changed':
      return { ...project, runs: withRun(project.runs, event.payload) }
    case 'file.changed':
      return withFiles(project, [event.payload])
    case 'checkpoint.made':
      return { ...project, checkpoints: withCheckpoint(project.checkpoints, event.payload) }
    case 'checkpoint.restored':
      return withFiles(
        { ...project, checkpoints: withCheckpoint(project.checkpoints, event.payload.checkpoint) },
        event.payload.changes,
      )
    default:
      return applyBuildEvent(project, event)
  }
}

export const isLiving = ({ state }: Pick<Run, 'state'>) =>
  state === 'queued' || state === 'running' || state === 'waiting'

function withChat(chats: Chat[], chat: Chat): Chat[] {
  return chats.some(({ id }) => id === chat.id) ? chats : [...chats, chat]
}

function patchChat(chats: Chat[], values: Partial<Chat> & { id: string }): Chat[] {
  return chats.map((chat) => (chat.id === values.id ? { ...chat, ...values } : chat))
}

function withRun(runs: Run[], run: Run): Run[] {
  const isHere = runs.some(({ id }) => id === run.id)
  if (!isLiving(run)) return isHere ? runs.filter(({ id }) => id !== run.id) : runs
  return isHere ? runs.map((one) => (one.id === run.id ? run : one)) : [...runs, run].sort(byCreation)
}

function withCheckpoint(checkpoints: Checkpoint[], checkpoint: Checkpoint): Checkpoint[] {
  if (checkpoints.some(({ id }) => id === checkpoint.id)) return checkpoints
  return [checkpoint, ...checkpoints].slice(0, MOST_CHECKPOINTS)
}

function withFiles(project: ProjectSnapshot, changes: FileChange[]): ProjectSnapshot {
  const files = new Map(project.files.map((file) => [file.path, file]))
  for (const change of changes) {
    if (change.from_path !== null) files.delete(change.from_path)
    if (change.op === 'delete') files.delete(change.path)
    else files.set(change.path, fileOf(change))
  }
  return {
    ...project,
    version: Math.max(project.version, ...changes.map(({ version }) => version)),
    files: [...files.values()].sort(byPath),
  }
}

function fileOf({ path, version, hash, size, user_id, tool_call_id }: FileChange): ProjectFile {
  return { path, version, hash, size, user_id, tool_call_id }
}

const byPath = (one: ProjectFile, other: ProjectFile) => (one.path < other.path ? -1 : 1)
const byCreation = (one: Run, other: Run) =>
  one.created_at === other.created_at
    ? one.id.localeCompare(other.id)
    : one.created_at.localeCompare(other.created_at)
