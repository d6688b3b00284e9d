/** One project's presence: shows where this tab is, sparingly, and tells who else is there. */
import { type Clock, type FeedTransport, type Showing, systemClock } from '../feed/index.ts'
import { type Present, peopleHere, type Shown, TYPING_LASTS, type TypingSeen } from './presence.ts'
import { sparingly } from './sparingly.ts'

export type Room = {
  show(state: Shown | null): void
  admit(members: ReadonlySet<string>): void
  close(): void
}

const NOWHERE: Showing = { show: () => {}, leave: () => {} }

export function enterRoom(
  transport: Pick<FeedTransport, 'participate'>,
  projectId: string,
  tell: (people: Present[]) => void,
  clock: Clock = systemClock,
): Room {
  const typing: TypingSeen = new Map()
  let states: readonly unknown[] = []
  let members: ReadonlySet<string> = new Set()
  let callOff = () => {}

  const look = () => {
    callOff()
    const people = peopleHere(states, (userId) => members.has(userId), clock.now(), typing)
    tell(people)
    if (typing.size > 0 && people.some(({ typesIn }) => typesIn.length > 0)) {
      callOff = clock.after(untilOneStops(typing, clock.now()), look)
    }
  }
  const showing =
    transport.participate?.(`project:${projectId}`, (seen) => {
      states = seen
      look()
    }) ?? NOWHERE
  const speaker = sparingly((state: Shown | null) => showing.show(state), clock)

  return {
    show: speaker.say,
    admit(now) {
      members = now
      look()
    },
    close() {
      callOff()
      speaker.stop()
      showing.leave()
      tell([])
    },
  }
}

function untilOneStops(typing: TypingSeen, now: number): number {
  const ends = [...typing.values()].map(({ since }) => since + TYPING_LASTS).filter((end) => end > now)
  return Math.max(0, Math.min(...ends) - now)
}
