import { useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Checkpoint, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { projectFeed } from '../projects/project-feed.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toasts.ts'
import { fail } from './file-actions.ts'

export function RestoreButton({ project, checkpoint }: { project: ProjectSnapshot; checkpoint: Checkpoint }) {
  const queryClient = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const [isPending, setIsPending] = useState(false)
  if (project.project.archived_at !== null || checkpoint.version === project.version) return null

  const restore = async () => {
    setIsPending(true)
    try {
      const made = await rpc('restore_checkpoint', { checkpoint_id: checkpoint.id })
      await confirmed(queryClient, projectFeed(project.project.id).queryKey, (now: ProjectSnapshot) =>
        now.checkpoints.some(({ id }) => id === made.id),
      )
      showToast({
        tone: 'plain',
        title: 'The files are as they were.',
        body: `Restored: ${checkpoint.label}`,
      })
    } catch (cause) {
      fail('The checkpoint was not restored.', cause)
    } finally {
      setIsPending(false)
    }
  }

  return (
    <>
      <Button className="h-7" pending={isPending} onClick={() => setIsAsking(true)}>
        <RotateCcw className="size-4" aria-hidden />
        Restore
      </Button>
      {isAsking && (
        <ConfirmDialog
          title="Restore this checkpoint?"
          action="Restore"
          onConfirm={() => void restore()}
          onClose={() => setIsAsking(false)}
        >
          All files of the project become what they were after “{checkpoint.label}”, for everybody. What is
          there now stays in a checkpoint of its own, so that this can be taken back the same way.
        </ConfirmDialog>
      )}
    </>
  )
}
