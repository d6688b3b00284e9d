import { X } from 'lucide-react'
import { useState } from 'react'
import { useUser } from '../session/user.ts'
import type { Departure } from '../session/user-events.ts'
import { Callout } from '../ui/callout.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { seenName } from './seen-names.ts'

/** Says who took a team away, and which: the page that showed it is closed by then. */
export function DepartureNotices() {
  const { departures } = useUser()
  const [read, setRead] = useState<readonly Departure[]>([])
  return departures
    .filter((departure) => !read.includes(departure))
    .map((departure) => (
      <DepartureNotice
        key={departure.teamId}
        departure={departure}
        onRead={() => setRead((before) => [...before, departure])}
      />
    ))
}

function DepartureNotice({ departure, onRead }: { departure: Departure; onRead(): void }) {
  const { teamName, by } = departure
  return (
    <Callout
      tone={by === null ? 'plain' : 'need'}
      className="m-3 mb-0"
      action={
        <IconButton label="Dismiss" onClick={onRead} className="-my-1.5 -mr-1.5 text-inherit!">
          <X className="size-4" aria-hidden />
        </IconButton>
      }
    >
      {by === null ? (
        <>You left {teamName}.</>
      ) : (
        <>
          <strong>{seenName(by) ?? 'Someone who runs the team'}</strong> removed you from{' '}
          <strong>{teamName}</strong>, so its page closed. Ask them if that was a mistake.
        </>
      )}
    </Callout>
  )
}
