import { useEffect, useMemo, useReducer, useRef } from 'react'
import { beginSending, filesArrived, type Sending } from './import-zip.ts'
import type { ZipContents } from './read-zip.ts'

export type SendingZip = ReturnType<typeof useSending>

/** What is chosen, on its way: it stops when its dialog is closed. */
export function useSending(chosen: ZipContents | null) {
  const sending = useMemo(() => chosen && beginSending(chosen.files), [chosen])
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const way = () => {
    stop.current = new AbortController()
    return { onArrived: draw, signal: stop.current.signal }
  }
  return { sending, way }
}

/** Of one part nobody sees the middle. */
export function SendingProgress({ sending }: { sending: Sending }) {
  if (sending.parts.length === 1) return null
  const arrived = filesArrived(sending)
  const isComplete = arrived === sending.fileCount
  return (
    <div className="flex flex-col gap-1.5">
      <progress
        aria-label="Files sent"
        value={arrived}
        max={sending.fileCount}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-live [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-live"
      />
      <p role="status" className="text-xs text-muted tabular-nums">
        {isComplete
          ? `All ${sending.fileCount.toLocaleString('en')} files are sent; they are put in their place.`
          : `${arrived.toLocaleString('en')} of ${sending.fileCount.toLocaleString('en')} files sent`}
      </p>
    </div>
  )
}
