import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Select, TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'

/** A project of its own with the same files, as they are now or were at a checkpoint. */
export function ForkProjectDialog({ project, onClose }: { project: ProjectSnapshot; onClose(): void }) {
  const navigate = useNavigate()
  const [checkpointId, setCheckpointId] = useState('')
  const form = useForm(async (values) => {
    const fork = await rpc('fork_project', {
      project_id: project.project.id,
      name: typed(values, 'name'),
      checkpoint_id: checkpointId || null,
    })
    const chat = await rpc('create_chat', { project_id: fork.id })
    onClose()
    await navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: fork.id, chatId: chat.id } })
  })
  return (
    <Dialog title="Fork the project" onClose={onClose}>
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <Field label="From" hint="Its files and variables. The chats stay here, and nothing is published.">
          {(control) => (
            <Select
              {...control}
              value={checkpointId}
              onChange={({ target }) => setCheckpointId(target.value)}
              className="w-full [&_select]:truncate [&_select]:normal-case"
            >
              <option value="">What is there now (version {project.version})</option>
              {project.checkpoints.map(({ id, version, label, restored_from }) => (
                <option key={id} value={id}>
                  Version {version}: {restored_from ? `Restored: ${label}` : label || 'Checkpoint'}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Name of the new project" error={form.error && sentenceOf(form.error)}>
          {(control) => (
            <TextInput
              {...control}
              name="name"
              required
              maxLength={80}
              defaultValue={`${project.project.name.slice(0, 73)} (fork)`}
              autoComplete="off"
              data-autofocus
              onFocus={({ target }) => target.select()}
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={form.pending}>
            Fork
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
