import { useMutation } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Ladder, LadderLevel } from '../../../supabase/functions/_shared/protocol.ts'
import { fieldOf, sentenceOf, toBatonError } from '../../errors.ts'
import { rpc } from '../../rpc.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { showToast } from '../../ui/toasts.ts'
import { LadderPreviewPanel } from './ladder-preview.tsx'
import { LevelRow } from './level-row.tsx'
import { MinutesField } from './minutes-field.tsx'
import { QuietHours } from './quiet-hours.tsx'

const MOST_LEVELS = 10

type LadderFormProps = { teamId: string; ladder: Ladder; readOnly: boolean }

export function LadderForm({ teamId, ladder, readOnly }: LadderFormProps) {
  const [draft, setDraft] = useState(ladder)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(ladder)
  const save = useMutation({
    networkMode: 'always',
    mutationFn: () => rpc('set_ladder', { team_id: teamId, ladder: draft }),
    onSuccess: () => showToast({ tone: 'plain', title: 'The ladder was saved.' }),
  })
  const refusal = save.error ? toBatonError(save.error) : null
  const faultOf = (field: string) =>
    refusal && fieldOf(refusal)?.startsWith(field) ? sentenceOf(refusal) : null
  const change = (values: Partial<Ladder>) => {
    save.reset()
    setDraft({ ...draft, ...values })
  }
  const changeLevel = (at: number, level: LadderLevel | null) =>
    change({ levels: draft.levels.flatMap((one, index) => (index === at ? (level ?? []) : one)) })
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <form
        className="flex flex-col gap-8"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <fieldset disabled={readOnly} className="contents">
          <Group title="Levels" fault={faultOf('levels')}>
            <ol className="divide-y divide-line rounded-lg border border-line">
              {draft.levels.map((level, index) => (
                <LevelRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: a level is known by its place
                  key={index}
                  place={index}
                  level={level}
                  mayRemove={draft.levels.length > 1}
                  onChange={(next) => changeLevel(index, next)}
                />
              ))}
            </ol>
            {draft.levels.length < MOST_LEVELS && (
              <Button
                className="self-start"
                onClick={() => change({ levels: [...draft.levels, nextLevel(draft.levels)] })}
              >
                <Plus className="size-4" aria-hidden />
                Add a level
              </Button>
            )}
          </Group>
          <Group title="Quiet hours" fault={faultOf('quiet')}>
            <QuietHours quiet={draft.quiet} onChange={(quiet) => change({ quiet })} />
          </Group>
          <Group title="After a claim" fault={faultOf('remind') ?? faultOf('lapse')}>
            <MinutesField
              label="Remind a holder who does nothing after"
              value={draft.remind_after_minutes}
              onChange={(remind_after_minutes) => change({ remind_after_minutes })}
            />
            <MinutesField
              label="Put it back into the queue after"
              value={draft.lapse_after_minutes}
              onChange={(lapse_after_minutes) => change({ lapse_after_minutes })}
            />
          </Group>
          <Group title="Questions of the agent" fault={faultOf('question')}>
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={draft.question_after_minutes !== null}
                onChange={({ target }) => change({ question_after_minutes: target.checked ? 30 : null })}
              />
              Escalate a question that nobody answers
            </label>
            {draft.question_after_minutes !== null && (
              <MinutesField
                label="After"
                value={draft.question_after_minutes}
                onChange={(question_after_minutes) => change({ question_after_minutes })}
              />
            )}
          </Group>
        </fieldset>
        {refusal && !fieldOf(refusal) && <Callout tone="bad">{sentenceOf(refusal)}</Callout>}
        {!readOnly && (
          <div className="flex gap-2">
            <Button look="primary" type="submit" pending={save.isPending} disabled={!isChanged}>
              Save
            </Button>
            {isChanged && <Button onClick={() => change(ladder)}>Undo the changes</Button>}
          </div>
        )}
      </form>
      <LadderPreviewPanel teamId={teamId} ladder={draft} />
    </div>
  )
}

function Group({ title, fault, children }: { title: string; fault: string | null; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h2 className="font-semibold">{title}</h2>
      {children}
      {fault && <Callout tone="bad">{fault}</Callout>}
    </section>
  )
}

function nextLevel(levels: readonly LadderLevel[]): LadderLevel {
  const last = levels.at(-1)?.after_minutes ?? 0
  return { after_minutes: last + 30, roles: ['admin', 'owner'], people: [], by: ['bell', 'mail'] }
}
