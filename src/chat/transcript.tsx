/**
 * The conversation, of any length: only what is near the window is in the document. Rows that grow push the text on as
 * long as the reader is at the end; anywhere else nothing that they read moves, whatever comes in above or below.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import {
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { RowComments } from '../comments/row-comments.tsx'
import { sentenceOf, toBatonError } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { Spinner } from '../ui/spinner.tsx'
import { ApprovalRow } from './approval-row.tsx'
import { CompactionRow, NoticeRow, TextRow, ThinkingRow } from './entry-rows.tsx'
import { createFlight, FlightContext } from './flight.tsx'
import { useLinkedEntry } from './linked-entry.ts'
import { MessageRow } from './message-row.tsx'
import { QuestionRow } from './question-row.tsx'
import { isSameRow, type Row, rowsOf } from './rows.ts'
import { ToolLane } from './tool-lane.tsx'
import { useAway, useStayAtEnd } from './use-following.ts'
import { useEntries } from './use-older.ts'

/** In rows: older ones are asked for while there is something left to scroll. */
const NEAR_THE_START = 60
const GAP = 16
/** Nearer than the end itself, so that the list takes nobody to it. */
const NOWHERE = -1

type TranscriptProps = { tail: { key: string; node: ReactNode }[]; empty: ReactNode }

export function Transcript({ tail, empty }: TranscriptProps) {
  const { entries, isAtStart, isLoading, error, loadOlder } = useEntries()
  const rows = useMemo(() => rowsOf(entries), [entries])
  const count = rows.length + tail.length
  const hasRows = count > 0
  const frame = useRef<HTMLElement>(null)
  const [flight] = useState(createFlight)
  const away = useAway(frame, flight.moved)
  const keys = useSameKeys([...rows, ...tail].map(({ key }) => key))
  const keyAt = useCallback((index: number) => keys[index] ?? index, [keys])
  const guessAt = (index: number) => (rows[index]?.kind === 'lane' ? 34 : 90)
  const list = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: guessAt,
    // Drawn from its end at once: from its beginning, older rows would be asked for.
    initialOffset: () => rows.reduce((sum, _, index) => sum + guessAt(index) + GAP, 0),
    getItemKey: keyAt,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: away.isAway ? NOWHERE : Number.POSITIVE_INFINITY,
    overscan: 6,
    gap: GAP,
    paddingStart: 20,
    paddingEnd: 20,
  })
  const height = list.getTotalSize()

  useLayoutEffect(() => {
    if (hasRows) list.scrollToEnd()
  }, [hasRows, list])
  useStayAtEnd({ frame, isShown: hasRows, height, away, toEnd: () => list.scrollToEnd() })
  const linked = useLinkedEntry(rows, { isAtStart, error, loadOlder }, (index) => {
    away.setAway(true)
    list.scrollToIndex(index, { align: 'center' })
    requestAnimationFrame(away.look)
  })
  const items = list.getVirtualItems()
  const isNearStart = items[0] !== undefined && items[0].index < NEAR_THE_START
  useEffect(() => {
    if (isNearStart && !error) loadOlder()
  })

  if (!hasRows) return <div className="min-h-0 flex-1 overflow-y-auto">{empty}</div>
  return (
    <FlightContext value={flight}>
      <div className="relative min-h-0 flex-1">
        <section
          ref={frame}
          aria-label="Conversation"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation is scrolled with the keyboard too
          tabIndex={0}
          onScroll={away.onScroll}
          onKeyDown={away.onKeyDown}
          onWheel={away.onWheel}
          className="absolute inset-0 overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none]"
        >
          {!isAtStart && <Older isLoading={isLoading} error={error} onRetry={loadOlder} />}
          <div className="relative mx-auto w-full max-w-3xl" style={{ height }}>
            {items.map((item) => {
              const row = rows[item.index]
              return (
                <div
                  key={item.key}
                  ref={list.measureElement}
                  data-index={item.index}
                  aria-current={row && row.key === linked.key ? 'location' : undefined}
                  className={classes(
                    'group/row absolute inset-x-0 top-0 px-5 max-md:px-3',
                    row && row.key === linked.key && 'pointed-out',
                  )}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {row ? <RowOf row={row} /> : tail[item.index - rows.length]?.node}
                  {row && <RowComments entryIds={idsOf(row)} />}
                </div>
              )
            })}
          </div>
        </section>
        {away.isAway && (
          <div className="absolute bottom-3 left-1/2 -translate-x-1/2">
            <Button
              onClick={() => {
                linked.leave()
                away.setAway(false)
                list.scrollToEnd()
              }}
              className="shadow-float"
            >
              <ArrowDown className="size-4" aria-hidden />
              To the end
            </Button>
          </div>
        )}
      </div>
    </FlightContext>
  )
}

/** The same list while the keys are the same: what was measured is counted together anew for another one. */
function useSameKeys(keys: string[]): string[] {
  const [known, setKnown] = useState(keys)
  if (known.length === keys.length && keys.every((key, at) => key === known[at])) return known
  setKnown(keys)
  return keys
}

type OlderProps = { isLoading: boolean; error: Error | null; onRetry(): void }

function Older({ isLoading, error, onRetry }: OlderProps) {
  if (error) {
    return (
      <Callout tone="bad" action={<Button onClick={onRetry}>Try again</Button>} className="m-3">
        What was said before could not be loaded. {sentenceOf(toBatonError(error))}
      </Callout>
    )
  }
  return (
    <p className="pointer-events-none absolute inset-x-0 top-1 flex justify-center text-faint">
      {isLoading && <Spinner />}
    </p>
  )
}

const idsOf = (row: Row) => (row.kind === 'lane' ? row.entries.map(({ id }) => id).join(' ') : row.entry.id)

const RowOf = memo(
  ({ row }: { row: Row }) => {
    switch (row.kind) {
      case 'message':
        return <MessageRow entry={row.entry} />
      case 'text':
        return <TextRow entry={row.entry} />
      case 'thinking':
        return <ThinkingRow entry={row.entry} />
      case 'lane':
        return <ToolLane entries={row.entries} id={row.key} />
      case 'question':
        return <QuestionRow entry={row.entry} />
      case 'approval':
        return <ApprovalRow entry={row.entry} />
      case 'notice':
        return <NoticeRow entry={row.entry} />
      case 'compaction':
        return <CompactionRow entry={row.entry} />
    }
  },
  (one, other) => isSameRow(one.row, other.row),
)
