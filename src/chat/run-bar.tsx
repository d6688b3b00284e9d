import { CircleAlert, CircleStop, RotateCcw, Square } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Run, RunState } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { isLiving } from '../projects/project-changes.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { durationText } from '../ui/duration.ts'
import { Spinner } from '../ui/spinner.tsx'
import { useChat } from './chat.ts'
import { errorText } from './error-text.ts'
import { CodeText } from './markdown/code-block.tsx'
import { useNow } from './use-now.ts'

const TONES: Partial<Record<RunState, string>> = {
  failed: 'bg-bad-soft text-bad-text',
  waiting: 'bg-need-soft text-need-text',
}

/** How the run is, and what can be done about it. Nothing when all is done. */
export function RunBar() {
  const run = useChat((chat) => chat.run)
  if (!run || run.state === 'completed') return null
  return (
    <section
      aria-label="State of the run"
      data-run={run.state}
      className={classes('flex flex-col gap-2 rounded-md px-3 py-2', TONES[run.state] ?? 'bg-sunken')}
    >
      <div className="flex items-center gap-2.5">
        <RunWords run={run} />
        {(!isLiving(run) || isStuck(run)) && <RetryButton key={run.id} run={run} />}
        {isLiving(run) && <StopButton key={run.id} run={run} />}
      </div>
      {run.error && run.state !== 'stopped' && (
        <details>
          <summary className="cursor-pointer text-xs">The whole error</summary>
          <CodeText
            text={JSON.stringify(run.error, null, 2)}
            label="The whole error"
            className="mt-2 max-h-60 rounded-md bg-surface text-text whitespace-pre-wrap wrap-anywhere"
          />
        </details>
      )}
    </section>
  )
}

/** It waits for help since it cannot go on by itself; `error` says why. */
const isStuck = ({ state, error }: Run) => state === 'waiting' && error !== null

function RunWords({ run }: { run: Run }) {
  switch (run.state) {
    case 'queued':
      return (
        <Words icon={<Spinner className="text-live-text" />} text={run.fault ? faultWords(run) : 'Starts'} />
      )
    case 'running':
      return (
        <>
          <Words
            icon={<Spinner className="text-live-text" />}
            text={run.fault ? faultWords(run) : 'The agent is at work'}
          />
          {run.started_at && <Elapsed since={run.started_at} />}
        </>
      )
    case 'waiting':
      return <Words icon={<CircleAlert className="size-4" aria-hidden />} text={waitingWords(run)} />
    case 'failed':
      return <Words icon={<CircleAlert className="size-4" aria-hidden />} text={errorText(run.error)} />
    default:
      return <Words icon={<CircleStop className="size-4 text-muted" aria-hidden />} text="Stopped" />
  }
}

function Words({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <>
      <span className="shrink-0">{icon}</span>
      <span role="status" className="min-w-0 flex-1 wrap-anywhere">
        {text}
      </span>
    </>
  )
}

function waitingWords(run: Run): string {
  if (isStuck(run)) return 'The agent is stuck, and waits until a senior answers'
  return run.reason === 'escalated'
    ? 'The agent waits until a senior answers'
    : 'The agent waits for an answer'
}

const faultWords = ({ fault }: Run) => `${errorText(fault?.error ?? null)} It is tried again.`

function Elapsed({ since }: { since: string }) {
  const now = useNow(1_000)
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000))
  return (
    <span className="tabular font-mono text-2xs text-muted">
      {durationText(Math.max(1, seconds) * 1_000).replace('.0', '')}
    </span>
  )
}

function StopButton({ run }: { run: Run }) {
  const stop = useStop()
  return (
    <Button onClick={() => stop.go(run)} pending={stop.isGoing}>
      <Square className="size-3.5 fill-current" aria-hidden />
      Stop
    </Button>
  )
}

function RetryButton({ run }: { run: Run }) {
  const [pending, setPending] = useState(false)
  const retry = async () => {
    setPending(true)
    await attempt('The run does not go on.', () => rpc('retry_run', { run_id: run.id }))
    setPending(false)
  }
  return (
    <Button onClick={retry} pending={pending}>
      <RotateCcw className="size-4" aria-hidden />
      {run.state === 'stopped' ? 'Go on' : 'Try again'}
    </Button>
  )
}

/** Anyone in the team stops a run, whoever began it. */
export function useStop() {
  const [isGoing, setGoing] = useState(false)
  return {
    isGoing,
    go: async (run: Run) => {
      setGoing(true)
      const isDone = await attempt('The run was not stopped.', () => rpc('stop_run', { run_id: run.id }))
      if (!isDone) setGoing(false)
    },
  }
}
