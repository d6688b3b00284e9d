/**
 * Editing a file by hand. What is typed is a draft, based on the version that was shown; saving names that version, so
 * that what others did meanwhile is never overwritten unseen. A draft goes away when exactly it was saved, or when the
 * person lets it go: whatever is typed while a save is on its way stays, on top of what was saved.
 */
import { useCallback, useState } from 'react'
import type { ProjectFile, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { toBatonError } from '../errors.ts'
import { showToast } from '../ui/toasts.ts'
import type { Draft } from './drafts.ts'
import { fail, useFileActions } from './file-actions.ts'
import { usePlace } from './place.ts'
import { useDraft } from './use-draft.ts'

type Options = {
  project: ProjectSnapshot
  path: string
  file: ProjectFile | undefined
  /** The content that is shown, and which one it is. */
  seen: { hash: string | null; text: string } | undefined
  onConflict(): void
}

export type Editing = ReturnType<typeof useEditing>

export function useEditing({ project, path, file, seen, onConflict }: Options) {
  const projectId = project.project.id
  const { save: saveFile } = useFileActions(projectId)
  const { draft, isOnlyInMemory, current, keep } = useDraft(projectId, path)
  const [isSaving, setIsSaving] = useState(false)
  const [place, go] = usePlace(projectId)

  const type = (content: string) => {
    const before = current()
    const isBack = before === null || before.baseHash === (file?.hash ?? null)
    if (file && isBack && content === seen?.text) return keep(null)
    if (place.follow) go({ follow: false })
    keep({
      ...(before ?? { baseVersion: file?.version ?? 0, baseHash: file?.hash ?? null }),
      content,
      merged: undefined,
    })
  }

  const send = useCallback(
    async (content: string, baseVersion: number) => {
      setIsSaving(true)
      const sent = current()
      try {
        const change = await saveFile(path, content, baseVersion)
        const now = current()
        const typed = now?.merged?.content ?? now?.content
        const isAll = now === sent || typed === undefined || typed === content
        keep(isAll ? null : { content: typed, baseVersion: change.version, baseHash: change.hash })
        return true
      } catch (cause) {
        if (toBatonError(cause).code === 'PT409') onConflict()
        else fail(`${path} was not saved. What you typed is kept.`, cause)
        return false
      } finally {
        setIsSaving(false)
      }
    },
    [saveFile, path, current, keep, onConflict],
  )

  const save = () => {
    const now = current()
    if (!now || isSaving) return
    if (isBehind(now, file)) onConflict()
    else void send(now.content, file?.version ?? 0)
  }

  const letGo = () => {
    const now = current()
    if (!now) return
    keep(null)
    showToast({
      tone: 'plain',
      title: `Your changes to ${path} are gone.`,
      action: { label: 'Undo', act: () => keep(now) },
    })
  }

  const isStale = draft !== null && isBehind(draft, file)
  return { draft, isStale, isSaving, isOnlyInMemory, type, save, send, letGo, keep }
}

/** The same content under a later version is no news. */
function isBehind(draft: Draft, file: ProjectFile | undefined): boolean {
  return (file?.version ?? 0) !== draft.baseVersion && (file?.hash ?? null) !== draft.baseHash
}
