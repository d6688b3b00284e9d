import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Select } from '../ui/text-input.tsx'
import { PublishChanges } from './publish-changes.tsx'
import { PublishProgress } from './publish-progress.tsx'
import { whomToAsk } from './whom-to-ask.ts'

type PublishDialogProps = { project: ProjectSnapshot; onClose(): void }

/** What would change for the world, then the word, then how it goes. */
export function PublishDialog({ project, onClose }: PublishDialogProps) {
  const [checkpointId, setCheckpointId] = useState<string | null>(null)
  const publish = useMutation({
    networkMode: 'always',
    mutationFn: () => rpc('publish', { project_id: project.project.id, checkpoint_id: checkpointId }),
  })
  return (
    <Dialog title={`Publish ${project.project.name}`} onClose={onClose} className="max-w-xl!">
      {publish.data ? (
        <PublishProgress
          project={project}
          buildId={publish.data.id}
          onAgain={() => publish.reset()}
          onClose={onClose}
        />
      ) : (
        <>
          <WhichVersion project={project} value={checkpointId} onChange={setCheckpointId} />
          <Plan
            key={checkpointId}
            project={project}
            checkpointId={checkpointId}
            isPublishing={publish.isPending}
            fault={publish.error ? toBatonError(publish.error) : null}
            onPublish={() => publish.mutate()}
            onClose={onClose}
          />
        </>
      )}
    </Dialog>
  )
}

type WhichProps = { project: ProjectSnapshot; value: string | null; onChange(id: string | null): void }

function WhichVersion({ project, value, onChange }: WhichProps) {
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className="text-muted">
        What goes out
      </span>
      <Select
        aria-label="What goes out"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value || null)}
        className="min-w-0 flex-1 [&_select]:truncate [&_select]:normal-case"
      >
        <option value="">What is there now (version {project.version})</option>
        {project.checkpoints
          .filter(({ version }) => version !== project.version)
          .map(({ id, version, label, restored_from }) => (
            <option key={id} value={id}>
              Version {version}: {restored_from ? `Restored: ${label}` : label || 'Checkpoint'}
            </option>
          ))}
      </Select>
    </div>
  )
}

type PlanProps = {
  project: ProjectSnapshot
  checkpointId: string | null
  isPublishing: boolean
  fault: BatonError | null
  onPublish(): void
  onClose(): void
}

function Plan({ project, checkpointId, isPublishing, fault, onPublish, onClose }: PlanProps) {
  const projectId = project.project.id
  // What somebody changes while the dialog is open belongs to what would go out.
  const version = checkpointId === null ? project.version : null
  const {
    data: plan,
    error,
    refetch,
  } = useQuery({
    queryKey: ['publish-plan', projectId, checkpointId, version],
    queryFn: ({ signal }) =>
      rpc('publish_plan', { project_id: projectId, checkpoint_id: checkpointId }, signal),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
    networkMode: 'always',
    retry: 1,
  })
  if (error && !plan) {
    return (
      <Callout tone="bad" action={<Button onClick={() => void refetch()}>Try again</Button>}>
        {sentenceOf(toBatonError(error))}
      </Callout>
    )
  }
  if (!plan) return <PlanSkeleton />
  const isArchived = project.project.archived_at !== null
  return (
    <>
      <PublishChanges project={project} plan={plan} />
      {plan.ask && <Callout tone="need">Members look, seniors publish. {whomToAsk(plan.ask)}</Callout>}
      {isArchived && <Callout>This project is in the archive. Take it out first.</Callout>}
      {fault && <Callout tone="bad">{sentenceOf(fault)}</Callout>}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        {!plan.ask && !isArchived && (
          <Button look="primary" data-autofocus pending={isPublishing} onClick={onPublish}>
            Publish version {plan.version}
          </Button>
        )}
      </DialogActions>
    </>
  )
}

function PlanSkeleton() {
  return (
    <div className="flex flex-col gap-2" role="status" aria-label="Loading">
      <Skeleton className="w-2/3" />
      <Skeleton className="h-28 w-full" />
      <Skeleton className="w-1/3" />
    </div>
  )
}
