import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { MetricsRow } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { Select, TextInput } from '../ui/text-input.tsx'
import { metricsQuery } from './metrics-query.ts'
import { type AnalyticsSearch, dayOf, PERIODS, type PeriodName, spanOf } from './period.ts'

const route = getRouteApi('/app/workspace/analytics/escalations')

const PERIOD_NAMES: Record<PeriodName, string> = {
  week: '7 days',
  month: '30 days',
  quarter: '90 days',
  year: 'A year',
}

/** What can be chosen is what there is in that time, whatever else is chosen. */
export function Filters({ teamId }: { teamId: string }) {
  const search = route.useSearch()
  const choose = useChoose()
  const { period, from, to } = search
  const { data: all } = useQuery(metricsQuery(teamId, { period, from, to }))
  const isFiltered = Boolean(search.person || search.cause || search.project)
  return (
    <form
      aria-label="Which escalations"
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => event.preventDefault()}
    >
      <Period />
      <Choice
        name="Person"
        chosen={search.person}
        rows={all?.by_person}
        onChoose={(person) => choose({ person })}
      />
      <Choice
        name="Cause"
        chosen={search.cause}
        rows={all?.by_cause}
        onChoose={(cause) => choose({ cause })}
      />
      <Choice
        name="Project"
        chosen={search.project}
        rows={all?.by_project}
        onChoose={(project) => choose({ project })}
      />
      {isFiltered && (
        <Button
          look="quiet"
          onClick={() => choose({ person: undefined, cause: undefined, project: undefined })}
        >
          Show all
        </Button>
      )}
    </form>
  )
}

export function useChoose(): (change: Partial<AnalyticsSearch>) => void {
  const navigate = route.useNavigate()
  return (change) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
}

function Period() {
  const search = route.useSearch()
  const choose = useChoose()
  const isCustom = search.from !== undefined
  return (
    <>
      <Select
        aria-label="Time"
        value={isCustom ? 'custom' : (search.period ?? 'month')}
        onChange={({ target }) =>
          choose(
            target.value === 'custom'
              ? days(search)
              : { from: undefined, to: undefined, period: target.value as PeriodName },
          )
        }
      >
        {Object.keys(PERIODS).map((name) => (
          <option key={name} value={name}>
            {PERIOD_NAMES[name as PeriodName]}
          </option>
        ))}
        <option value="custom">From … to …</option>
      </Select>
      {isCustom && (
        <span className="flex items-center gap-1.5">
          <TextInput
            type="date"
            aria-label="From"
            value={search.from}
            max={search.to}
            onChange={({ target }) => target.value && choose({ from: target.value })}
          />
          <span className="text-muted">to</span>
          <TextInput
            type="date"
            aria-label="To, included"
            value={search.to}
            min={search.from}
            onChange={({ target }) => target.value && choose({ to: target.value })}
          />
        </span>
      )}
    </>
  )
}

function days(search: AnalyticsSearch): Partial<AnalyticsSearch> {
  const { from, to } = spanOf(search, new Date())
  return { from: dayOf(from), to: dayOf(new Date(to.getTime() - 1)) }
}

type ChoiceProps = {
  name: string
  chosen: string | undefined
  rows: MetricsRow[] | undefined
  onChoose(key: string | undefined): void
}

function Choice({ name, chosen, rows = [], onChoose }: ChoiceProps) {
  const isThere = chosen === undefined || rows.some(({ key }) => key === chosen)
  return (
    <Select
      aria-label={name}
      className="max-w-52"
      value={chosen ?? ''}
      onChange={({ target }) => onChoose(target.value || undefined)}
    >
      <option value="">{`${name}: all`}</option>
      {rows.map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
      {!isThere && <option value={chosen}>Not in this time</option>}
    </Select>
  )
}
