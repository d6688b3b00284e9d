import { useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { TeamSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import type { Departure } from '../session/user-events.ts'
import { Callout } from '../ui/callout.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { teamKey } from './team-feed.ts'

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
  const [remover] = useState(useNameOf(departure))
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
          <strong>{remover ?? 'Someone who runs the team'}</strong> removed you from{' '}
          <strong>{teamName}</strong>, so its page closed. Ask them if that was a mistake.
        </>
      )}
    </Callout>
  )
}

function useNameOf({ teamId, by }: Departure): string | undefined {
  const team = useQueryClient().getQueryData<TeamSnapshot>(teamKey(teamId))
  return team?.members.find(({ user_id }) => user_id === by)?.display_name
}
