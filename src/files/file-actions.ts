import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { FileChange, ProjectFile, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { projectFeed } from '../projects/project-feed.ts'
import { rpc } from '../rpc.ts'
import { showToast } from '../ui/toasts.ts'
import { contentQuery, keepContent } from './contents.ts'

/** Each resolves when the page shows what was done. */
export function useFileActions(projectId: string) {
  const queryClient = useQueryClient()
  return useMemo(() => {
    const shown = (change: FileChange) =>
      confirmed(
        queryClient,
        projectFeed(projectId).queryKey,
        (project: ProjectSnapshot) => project.version >= change.version,
      )

    async function save(path: string, content: string, baseVersion: number): Promise<FileChange> {
      const change = await rpc('save_file', {
        project_id: projectId,
        path,
        content,
        base_version: baseVersion,
      })
      keepContent(queryClient, projectId, change.hash, content)
      await shown(change)
      return change
    }

    async function move(file: ProjectFile, to: string): Promise<FileChange> {
      const change = await rpc('move_file', {
        project_id: projectId,
        from_path: file.path,
        to_path: to,
        base_version: file.version,
      })
      await shown(change)
      return change
    }

    /** The content is fetched first, so that taking it back needs nothing that might be gone. Answers whether it is done. */
    async function remove(file: ProjectFile): Promise<boolean> {
      try {
        const content = await queryClient.ensureQueryData(contentQuery(projectId, file.hash))
        const change = await rpc('delete_file', {
          project_id: projectId,
          path: file.path,
          base_version: file.version,
        })
        await shown(change)
        showToast({
          tone: 'plain',
          title: `${file.path} was deleted.`,
          action: { label: 'Undo', act: () => void bringBack(file.path, content) },
        })
        return true
      } catch (cause) {
        fail(`${file.path} was not deleted.`, cause)
        return false
      }
    }

    const bringBack = (path: string, content: string) =>
      save(path, content, 0).catch((cause) => fail(`${path} was not brought back.`, cause))

    return { save, move, remove }
  }, [projectId, queryClient])
}

export function fail(title: string, cause: unknown): void {
  showToast({ tone: 'bad', title, body: sentenceOf(toBatonError(cause)) })
}
