import { useQuery } from '@tanstack/react-query'
import { Braces, Trash2 } from 'lucide-react'
import type { ProjectSnapshot, Variable } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, fieldOf, sentenceOf, toBatonError } from '../errors.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { supabase } from '../supabase.ts'
import { seenName } from '../teams/seen-names.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toasts.ts'
import { typed, useForm } from '../use-form.ts'

/** Settings that are given to the app when it is built. All who open the app can read them. */
export function VariablesSection({ project }: { project: ProjectSnapshot }) {
  const projectId = project.project.id
  const { data, error, refetch } = useVariables(project)
  const isReadOnly = project.project.archived_at !== null
  return (
    <section aria-label="Environment" className="flex flex-col gap-4 p-3">
      <p className="text-muted">
        The app reads these as <code className="font-mono text-xs text-text">import.meta.env.VITE_…</code>.
        They are part of what goes to every browser, so nothing secret belongs here. A change builds a new
        preview; production has it with the next publishing.
      </p>
      {error && (
        <Callout tone="bad" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {sentenceOf(toBatonError(error))}
        </Callout>
      )}
      {!data && !error && <Skeleton className="h-16 w-full" />}
      {data && data.length === 0 && (
        <p className="flex items-center gap-2 text-muted">
          <Braces className="size-4" aria-hidden />
          No variables yet.
        </p>
      )}
      {data && data.length > 0 && (
        <ul aria-label="Variables" className="divide-y divide-line rounded-md border border-line">
          {data.map((variable) => (
            <VariableRow
              key={`${variable.name} ${variable.updated_at}`}
              projectId={projectId}
              variable={variable}
              isReadOnly={isReadOnly}
            />
          ))}
        </ul>
      )}
      {!isReadOnly && <AddVariable projectId={projectId} />}
    </section>
  )
}

/** The log does not carry values; the rows are read again when it says that one changed. */
function useVariables(project: ProjectSnapshot) {
  const projectId = project.project.id
  const version = project.variables.map(({ name, updated_at }) => `${name} ${updated_at}`).join()
  return useQuery<Variable[], BatonError>({
    queryKey: ['variables', projectId, version],
    queryFn: async ({ signal }) => {
      const { data, error, status } = await supabase
        .from('variables')
        .select('name, value, updated_by, updated_at')
        .eq('project_id', projectId)
        .order('name')
        .abortSignal(signal)
      if (error) throw toBatonError({ ...error, message: error.message, status })
      return data as Variable[]
    },
    placeholderData: (before) => before,
    networkMode: 'always',
    retry: 1,
  })
}

type RowProps = { projectId: string; variable: Variable; isReadOnly: boolean }

function VariableRow({ projectId, variable: { name, value, updated_by, updated_at }, isReadOnly }: RowProps) {
  const form = useForm(async (values) => {
    const next = typed(values, 'value')
    if (next !== value) await rpc('set_variable', { project_id: projectId, name, value: next })
  })
  const remove = async () => {
    const isDone = await attempt(`${name} was not deleted.`, () =>
      rpc('delete_variable', { project_id: projectId, name }),
    )
    if (!isDone) return
    const bringBack = () =>
      void attempt(`${name} was not brought back.`, () =>
        rpc('set_variable', { project_id: projectId, name, value }),
      )
    showToast({ tone: 'plain', title: `${name} was deleted.`, action: { label: 'Undo', act: bringBack } })
  }
  return (
    <li className="flex flex-col gap-1 p-2.5">
      <form onSubmit={form.onSubmit}>
        <Field label={name} error={form.error && sentenceOf(form.error)}>
          {(control) => (
            <span className="flex gap-2">
              <TextInput
                {...control}
                name="value"
                defaultValue={value}
                readOnly={isReadOnly}
                autoComplete="off"
                spellCheck={false}
                className="font-mono text-xs"
              />
              {!isReadOnly && (
                <>
                  <Button type="submit" className="h-9 pointer-coarse:h-11" pending={form.pending}>
                    Save
                  </Button>
                  <IconButton label={`Delete ${name}`} onClick={remove} className="size-9">
                    <Trash2 className="size-4" aria-hidden />
                  </IconButton>
                </>
              )}
            </span>
          )}
        </Field>
      </form>
      <p className="text-xs text-faint">
        {updated_by && `${seenName(updated_by) ?? 'Someone who left'}, `}
        <TimeAgo at={updated_at} />
      </p>
    </li>
  )
}

function AddVariable({ projectId }: { projectId: string }) {
  const form = useForm(async (values) => {
    await rpc('set_variable', {
      project_id: projectId,
      name: typed(values, 'name'),
      value: typed(values, 'value'),
    })
    document.querySelector<HTMLFormElement>('form[data-add-variable]')?.reset()
  })
  const field = form.error && fieldOf(form.error)
  const fault = form.error && sentenceOf(form.error)
  return (
    <form
      data-add-variable
      onSubmit={form.onSubmit}
      className="grid items-start gap-3 @lg:grid-cols-[1fr_1fr_auto]"
    >
      <Field label="Name" error={field === 'value' ? null : fault}>
        {(control) => (
          <TextInput
            {...control}
            name="name"
            required
            placeholder="VITE_API_URL"
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-xs"
          />
        )}
      </Field>
      <Field label="Value" error={field === 'value' ? fault : null}>
        {(control) => (
          <TextInput
            {...control}
            name="value"
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-xs"
          />
        )}
      </Field>
      <Button type="submit" className="h-9 @lg:mt-7.5 pointer-coarse:h-11" pending={form.pending}>
        Add
      </Button>
    </form>
  )
}
