import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ChartColumn, Download, Lock } from 'lucide-react'
import type {
  EscalationMetrics,
  EscalationSource,
  MetricsRow,
} from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { SOURCE_NAMES } from '../escalations/words.ts'
import { download } from '../files/download.ts'
import { PageBody } from '../shell/page-body.tsx'
import { useCurrentTeam } from '../teams/current-team.ts'
import { mayRunTeam } from '../teams/rights.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AssessmentPanel } from './assessment-panel.tsx'
import { ByHour } from './by-hour.tsx'
import { groupsAsCsv } from './csv.ts'
import { Filters, useChoose } from './filters.tsx'
import { GroupTable } from './group-table.tsx'
import { metricsQuery } from './metrics-query.ts'
import { OverTime } from './over-time.tsx'
import { Tiles } from './tiles.tsx'

const route = getRouteApi('/app/workspace/analytics/escalations')

export function EscalationAnalyticsPage() {
  const team = useCurrentTeam()
  return (
    <PageBody wide title="Escalations" place={team ? `${team.team_name} · Analytics` : 'Analytics'}>
      {team && mayRunTeam(team.role) ? <Figures teamId={team.team_id} /> : <NoRights />}
    </PageBody>
  )
}

function NoRights() {
  return (
    <EmptyState icon={<Lock className="size-8" aria-hidden />} title="For admins and owners">
      These figures speak of people, so only those who run the team see them. Ask an owner for the role if you
      need it.
    </EmptyState>
  )
}

function Figures({ teamId }: { teamId: string }) {
  const search = route.useSearch()
  const { data, error, isPlaceholderData, refetch } = useQuery(metricsQuery(teamId, search))
  return (
    <div className="flex flex-col gap-6">
      <Filters teamId={teamId} />
      {error && (
        <Callout tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
          {sentenceOf(toBatonError(error))}
        </Callout>
      )}
      {!data && !error && <FiguresSkeleton />}
      {data && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : undefined}>
          {data.raised === 0 && data.over_time.every(({ backlog }) => backlog === 0) ? (
            <Nothing />
          ) : (
            <Report metrics={data} />
          )}
        </div>
      )}
    </div>
  )
}

function Nothing() {
  return (
    <EmptyState
      icon={<ChartColumn className="size-8" aria-hidden />}
      title="Nothing was escalated in this time"
    >
      Choose a longer time, or other filters. As soon as someone asks for help, it counts here.
    </EmptyState>
  )
}

function Report({ metrics }: { metrics: EscalationMetrics }) {
  const choose = useChoose()
  return (
    <div className="flex flex-col gap-8">
      <Tiles metrics={metrics} />
      <OverTime metrics={metrics} />
      <div className="grid gap-8 xl:grid-cols-2">
        <GroupTable
          title="By person who claimed"
          of="Person"
          rows={metrics.by_person}
          onChoose={(person) => choose({ person })}
        />
        <GroupTable
          title="By cause"
          of="Cause"
          rows={metrics.by_cause}
          onChoose={(cause) => choose({ cause })}
        />
        <GroupTable
          title="By project"
          of="Project"
          rows={metrics.by_project}
          onChoose={(project) => choose({ project })}
        />
        <GroupTable title="By what raised it" of="Raised by" rows={metrics.by_source.map(inWords)} />
        <ByHour rows={metrics.by_hour} />
        <AssessmentPanel assessment={metrics.assessment} />
      </div>
      <div>
        <Button onClick={() => download('escalations.csv', groupsAsCsv(metrics))}>
          <Download className="size-4" aria-hidden />
          All groups as CSV
        </Button>
      </div>
    </div>
  )
}

/** The database knows what raised it by a word of its own. */
function inWords(row: MetricsRow): MetricsRow {
  const name = SOURCE_NAMES[row.key as EscalationSource]
  return { ...row, label: name ?? row.label }
}

function FiguresSkeleton() {
  return (
    <div className="flex flex-col gap-8">
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-56 w-full" />
      <div className="grid gap-8 xl:grid-cols-2">
        <Skeleton className="h-40 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    </div>
  )
}
