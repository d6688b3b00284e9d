import { useEffect, useState, useSyncExternalStore } from 'react'
import { useFeedTransport } from '../feed/index.ts'
import { usePlace } from '../files/place.ts'
import { useOpenPlace, useProject } from '../projects/project.ts'
import { useUserId } from '../session/user.ts'
import { useTeamIfLoaded } from '../teams/team.ts'
import { setHere } from './here.ts'
import { enterRoom, type Room } from './room.ts'
import { typing } from './typing.ts'

/** Long enough to look something up elsewhere and come back. */
const AWAY_AFTER = 30_000

const tab = crypto.randomUUID()

/** Draws nothing: shows to the others where this tab is, and takes in where they are. */
export function ShowPresence({ projectId }: { projectId: string }) {
  const transport = useFeedTransport()
  const userId = useUserId()
  const members = useTeamIfLoaded(useProject().project.team_id)?.members
  const { chatId } = useOpenPlace()
  const [{ tab: open, path }] = usePlace(projectId)
  const count = useSyncExternalStore(typing.subscribe, () => typing.countIn(chatId))
  const isAway = useAway()
  const [room, setRoom] = useState<Room | null>(null)

  useEffect(() => {
    const entered = enterRoom(transport, projectId, (people) =>
      setHere({ projectId, people: people.filter((person) => person.userId !== userId) }),
    )
    setRoom(entered)
    return () => entered.close()
  }, [transport, projectId, userId])

  useEffect(() => {
    room?.admit(new Set(members?.map(({ user_id }) => user_id)))
  }, [room, members])

  const file = open === 'code' ? path : null
  useEffect(() => {
    room?.show(isAway ? null : { user: userId, tab, chat: chatId ?? null, file, typing: count })
  }, [room, userId, chatId, file, count, isAway])
  return null
}

/** A tab that nobody has looked at for a while. */
function useAway(): boolean {
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') setAway(false)
      else timer = setTimeout(() => setAway(true), AWAY_AFTER)
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return isAway
}
