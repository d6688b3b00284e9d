import type { ProjectFile, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'
import { useFileActions } from './file-actions.ts'
import { useMoveDraft } from './use-draft.ts'

type NewFileProps = { project: ProjectSnapshot; onClose(): void; onMade(path: string): void }

export function NewFileDialog({ project, onClose, onMade }: NewFileProps) {
  const { save } = useFileActions(project.project.id)
  return (
    <PathDialog
      title="New file"
      action="Create"
      start="src/"
      onClose={onClose}
      send={async (path) => {
        await save(path, '', 0)
        onMade(path)
      }}
    />
  )
}

type RenameProps = { projectId: string; file: ProjectFile; onClose(): void; onMoved(path: string): void }

export function RenameFileDialog({ projectId, file, onClose, onMoved }: RenameProps) {
  const { move } = useFileActions(projectId)
  const moveDraft = useMoveDraft(projectId)
  return (
    <PathDialog
      title="Rename or move"
      action="Rename"
      start={file.path}
      onClose={onClose}
      send={async (path) => {
        const { version } = await move(file, path)
        moveDraft(file.path, path, version)
        onMoved(path)
      }}
    />
  )
}

type PathDialogProps = {
  title: string
  action: string
  start: string
  onClose(): void
  send(path: string): Promise<void>
}

function PathDialog({ title, action, start, onClose, send }: PathDialogProps) {
  const form = useForm(async (values) => {
    await send(typed(values, 'path'))
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <Field
          label="Path"
          hint="Relative to the project. Folders come into being with their first file."
          error={form.error && sentenceOf(form.error)}
        >
          {(control) => (
            <TextInput
              {...control}
              name="path"
              defaultValue={start}
              required
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-xs"
              data-autofocus
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" look="primary" pending={form.pending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
