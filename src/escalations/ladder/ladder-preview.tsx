import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { type Ladder, PRIORITIES, type Priority } from '../../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../../errors.ts'
import { rpc } from '../../rpc.ts'
import { Callout } from '../../ui/callout.tsx'
import { Select } from '../../ui/text-input.tsx'
import { PRIORITY_NAMES } from '../words.ts'

const WHEN = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' })

/** What would happen to one that is raised now and that nobody claims, with what is typed, saved or not. */
export function LadderPreviewPanel({ teamId, ladder }: { teamId: string; ladder: Ladder }) {
  const [priority, setPriority] = useState<Priority>('normal')
  const typed = useDeferredValue(ladder)
  const { data, error } = useQuery({
    queryKey: ['team', teamId, 'ladder-preview', priority, typed],
    queryFn: ({ signal }) =>
      rpc('preview_ladder', { team_id: teamId, ladder: typed, priority, at: null }, signal),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
  })
  return (
    <section
      aria-label="What would happen"
      className="flex flex-col gap-3 self-start rounded-lg border border-line p-4"
    >
      <div className="flex items-center justify-between gap-3">
        <h2 className="font-semibold">If one is raised now</h2>
        <Select
          aria-label="Its priority"
          value={priority}
          onChange={({ target }) => setPriority(target.value as Priority)}
        >
          {PRIORITIES.map((one) => (
            <option key={one} value={one}>
              {PRIORITY_NAMES[one]}
            </option>
          ))}
        </Select>
      </div>
      {error && <Callout tone="need">{sentenceOf(toBatonError(error))}</Callout>}
      {data && !error && (
        <ol className="flex flex-col gap-3" aria-live="polite">
          {data.map(({ level, at, delayed, by, people }) => (
            <li key={level} className="border-l-2 border-line pl-3">
              <p className="tabular font-medium">
                {WHEN.format(new Date(at))}
                {delayed && <span className="font-normal text-muted"> after the quiet hours</span>}
              </p>
              <p className="text-muted wrap-anywhere">
                {people.length === 0
                  ? 'Nobody: there is no such person in the team.'
                  : `${people.map(({ display_name }) => display_name).join(', ')}, by ${by.map((way) => (way === 'bell' ? 'bell' : 'e-mail')).join(' and ')}`}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
