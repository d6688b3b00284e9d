import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useNow } from '../chat/use-now.ts'
import { sentenceOf } from '../errors.ts'
import { Badge } from '../ui/badge.tsx'
import { classes } from '../ui/classes.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { costOf, tookText } from './format.ts'
import { Raw } from './raw.tsx'
import { inputQuery, requestQuery } from './row-query.ts'
import type { RunCall, RunTurn } from './run-changes.ts'

/** One call of the model: what it said of itself, the tools that it asked for, and what it was sent. */
export function TurnDetails({ turn, calls }: { turn: RunTurn; calls: RunCall[] }) {
  const now = useNow(turn.state === 'streaming' ? 1_000 : null)
  return (
    <li>
      <Fold
        summary={
          <>
            <span className="font-medium">Turn {turn.turn}</span>
            <span className="min-w-0 flex-1 truncate text-muted">
              {turn.state === 'streaming' ? 'Streaming' : (turn.stop_reason ?? turn.state)}
              {calls.length > 0 && `, ${calls.length} ${calls.length === 1 ? 'tool call' : 'tool calls'}`}
            </span>
            {turn.error && <Badge tone="bad">Error</Badge>}
            <span className="text-xs text-muted">{tookText(turn, now)}</span>
            {turn.state !== 'streaming' && (
              <span className="text-xs text-muted">{costOf(turn.cost_usd)}</span>
            )}
          </>
        }
      >
        {turn.error && <Raw title="Error" value={turn.error} isBad />}
        <p className="text-xs text-muted">
          {turn.model} · {turn.state}
          {turn.stop_reason && ` · ${turn.stop_reason}`}
        </p>
        {turn.usage && <Raw title="Usage" value={turn.usage} />}
        {calls.length > 0 && (
          <ol aria-label="Tool calls" className="divide-y divide-line rounded-md border border-line">
            {calls.map((call) => (
              <CallDetails key={call.id} call={call} />
            ))}
          </ol>
        )}
        <Fold summary={<span className="text-muted">Request</span>}>
          <Request turn={turn} />
        </Fold>
      </Fold>
    </li>
  )
}

function Request({ turn }: { turn: RunTurn }) {
  const { data, error } = useQuery({ ...requestQuery(turn.id), enabled: turn.request_meta === undefined })
  const hash = turn.request_hash ?? data?.request_hash
  const meta = turn.request_meta ?? data?.request_meta
  if (error) return <p className="text-bad-text">{sentenceOf(error)}</p>
  if (meta === undefined) return <Skeleton className="w-1/2" />
  return (
    <>
      <Raw title="Hash of the request, which its rows rebuild" value={String(hash)} />
      <Raw title="What it was made of" value={meta} />
    </>
  )
}

const TONES = {
  error: 'bad',
  running: 'live',
  queued: 'live',
  pending: 'live',
  complete: 'plain',
  cancelled: 'plain',
} as const

function CallDetails({ call }: { call: RunCall }) {
  const now = useNow(call.started_at !== null && call.ended_at === null ? 1_000 : null)
  return (
    <li>
      <Fold
        summary={
          <>
            <span className="min-w-0 flex-1 truncate font-mono text-xs">
              {call.name}
              {typeof call.input?.path === 'string' && <span className="text-muted"> {call.input.path}</span>}
            </span>
            {call.attempt > 1 && <span className="text-xs text-muted">attempt {call.attempt}</span>}
            <span className="text-xs text-muted">{tookText(call, now)}</span>
            <Badge tone={TONES[call.state]}>{call.state}</Badge>
          </>
        }
      >
        <Input call={call} />
        {call.error && <Raw title="Error" value={call.error} isBad />}
        {call.result !== null && (
          <Raw title="What the model was told" value={call.result} isBad={call.is_error} />
        )}
      </Fold>
    </li>
  )
}

function Input({ call }: { call: RunCall }) {
  const isTyped = call.state === 'pending'
  const { data, error } = useQuery({ ...inputQuery(call.id), enabled: !isTyped && call.input === undefined })
  const input = call.input ?? data?.input
  if (isTyped) return <p className="text-muted">The input is still being typed.</p>
  if (error) return <p className="text-bad-text">{sentenceOf(error)}</p>
  if (input === undefined) return <Skeleton className="w-1/2" />
  return <Raw title="Input" value={input} />
}

/** What is inside is not drawn before it is opened. */
function Fold({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      onToggle={(event) => event.currentTarget === event.target && setIsOpen(event.currentTarget.open)}
    >
      <summary className="tabular flex min-h-9 cursor-pointer items-center gap-2.5 px-3 py-1 -outline-offset-2 hover:bg-hover">
        <ChevronRight
          className={classes('size-3.5 shrink-0 text-faint', isOpen && 'rotate-90')}
          aria-hidden
        />
        {summary}
      </summary>
      {isOpen && <div className="flex flex-col gap-3 px-3 pt-1 pb-3">{children}</div>}
    </details>
  )
}
