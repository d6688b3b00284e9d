import { Ban, Check, ChevronRight, CircleDashed, Clock, X } from 'lucide-react'
import { useId } from 'react'
import type { Entry, ToolCallState } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { durationText, lasted } from '../ui/duration.ts'
import { Spinner } from '../ui/spinner.tsx'
import { CallDifference, changesFiles } from './call-difference.tsx'
import { AfterFlight } from './flight.tsx'
import { ForkButton } from './fork.tsx'
import { laneState } from './lane-state.ts'
import { CodeText } from './markdown/code-block.tsx'
import { useOpening } from './openings.ts'
import { toolTitle } from './tool-title.ts'
import { useNow } from './use-now.ts'

/** The calls that stand together in a turn: open while any is at work, folded to one line when all are done. */
export function ToolLane({ entries, id }: { entries: Entry[]; id: string }) {
  const { isLive, state, summary, milliseconds } = laneState(entries)
  const [isOpen, toggle] = useOpening(`lane ${id}`, isLive)
  const listId = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a lane is no part of a form
    <div
      role="group"
      aria-label="Steps"
      data-lane={state}
      className="group relative overflow-hidden rounded-md border border-line"
    >
      <div className="flex items-center hover:bg-hover">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={toggle}
          className="flex min-h-8 min-w-0 flex-1 items-center gap-2 px-2.5 text-left text-muted pointer-coarse:min-h-11"
        >
          <StateGlyph state={state} />
          <span className="min-w-0 flex-1 truncate">
            {summary}
            {!isOpen && <Objects entries={entries} />}
          </span>
          {milliseconds !== null && <Duration milliseconds={milliseconds} />}
          <ChevronRight
            className={classes('size-4 shrink-0 text-faint', isOpen && 'rotate-90')}
            aria-hidden
          />
        </button>
        {!isLive && entries[0] && (
          <span className="flex min-w-8 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:min-w-10 pointer-coarse:opacity-100">
            <AfterFlight>
              <ForkButton turn={entries[0].turn} />
            </AfterFlight>
          </span>
        )}
      </div>
      <ul id={listId} hidden={!isOpen} className="border-t border-line">
        {isOpen && entries.map((entry) => <ToolLine key={entry.id} entry={entry} />)}
      </ul>
    </div>
  )
}

function Objects({ entries }: { entries: Entry[] }) {
  const objects = entries.map((entry) => toolTitle(entry)).map(({ verb, object }) => object || verb)
  return <span className="pl-2 text-faint">{objects.join(', ')}</span>
}

function ToolLine({ entry }: { entry: Entry }) {
  const [isOpen, toggle] = useOpening(`call ${entry.id}`, false)
  const detailId = useId()
  const call = entry.tool_call
  if (!call) return null
  const { verb, object } = toolTitle(entry)
  return (
    <li data-tool={call.name} data-state={call.state} className="border-line not-first:border-t">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={detailId}
        onClick={toggle}
        className="flex min-h-7 w-full items-center gap-2 px-2.5 text-left hover:bg-hover pointer-coarse:min-h-11"
      >
        <StateGlyph state={call.state} />
        <span className="min-w-0 flex-1 truncate">
          <span className="text-muted">{verb}</span> <span className="font-mono text-xs">{object}</span>
        </span>
        {call.attempt > 1 && <span className="text-xs text-faint">attempt {call.attempt}</span>}
        <CallDuration entry={entry} />
        <ChevronRight className={classes('size-4 shrink-0 text-faint', isOpen && 'rotate-90')} aria-hidden />
      </button>
      <div id={detailId} hidden={!isOpen}>
        {isOpen && <ToolDetail entry={entry} />}
      </div>
    </li>
  )
}

function ToolDetail({ entry }: { entry: Entry }) {
  const call = entry.tool_call
  if (!call) return null
  const mayCancel = call.state === 'running' || call.state === 'queued'
  return (
    <div className="flex flex-col gap-3 border-t border-line bg-canvas p-3">
      {changesFiles(call) && <CallDifference call={call} />}
      <Part label="Input" text={entry.text || JSON.stringify(call.input, null, 2)} />
      {call.result !== null && (
        <Part label={call.is_error ? 'Told to the model' : 'Result'} text={call.result} />
      )}
      {call.error && <Part label="Error" text={JSON.stringify(call.error, null, 2)} />}
      {mayCancel && (
        <Button
          className="self-start"
          onClick={() =>
            attempt('The step was not cancelled.', () => rpc('cancel_tool_call', { tool_call_id: call.id }))
          }
        >
          Cancel this step
        </Button>
      )}
    </div>
  )
}

function Part({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="text-xs text-faint">{label}</p>
      <CodeText
        text={text}
        label={label}
        className="max-h-80 rounded-md border border-line bg-surface whitespace-pre-wrap wrap-anywhere"
      />
    </div>
  )
}

/** Words for who cannot see the glyph. */
const STATES: Record<ToolCallState, string> = {
  pending: 'being written',
  queued: 'queued',
  running: 'running',
  complete: 'complete',
  error: 'failed',
  cancelled: 'cancelled',
}

function StateGlyph({ state }: { state: ToolCallState }) {
  return (
    <span className="inline-flex size-4 shrink-0 items-center justify-center" title={STATES[state]}>
      <Glyph state={state} />
      <span className="sr-only">{STATES[state]}:</span>
    </span>
  )
}

function Glyph({ state }: { state: ToolCallState }) {
  switch (state) {
    case 'pending':
      return <CircleDashed className="pulse size-4 text-live-text" aria-hidden />
    case 'queued':
      return <Clock className="size-4 text-muted" aria-hidden />
    case 'running':
      return <Spinner className="text-live-text" />
    case 'complete':
      return <Check className="size-4 text-live-text" aria-hidden />
    case 'error':
      return <X className="size-4 text-bad-text" aria-hidden />
    case 'cancelled':
      return <Ban className="size-3.5 text-faint" aria-hidden />
  }
}

/** Counts up while it runs. */
function CallDuration({ entry: { tool_call } }: { entry: Entry }) {
  const now = useNow(tool_call?.state === 'running' ? 100 : null)
  const milliseconds = tool_call && lasted(tool_call.started_at, tool_call.ended_at, now)
  return milliseconds === null ? null : <Duration milliseconds={milliseconds} />
}

function Duration({ milliseconds }: { milliseconds: number }) {
  return <span className="tabular shrink-0 font-mono text-2xs text-faint">{durationText(milliseconds)}</span>
}
