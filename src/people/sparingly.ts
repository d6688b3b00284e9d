import type { Clock } from '../feed/index.ts'

/** Less than the server takes (5 in 30 s), so that a slow network which bunches calls does no harm. */
const MOST_CALLS = 4
const WINDOW = 31_000
/** Going to another chat changes several things at once. */
const A_MOMENT = 150

/**
 * Says the newest state, as soon as it may be said: what was outdated before its turn came is never said, and neither is
 * what was said last.
 */
export function sparingly<State>(say: (state: State) => void, clock: Clock) {
  const said: number[] = []
  let newest: { state: State } | null = null
  let lastSaid: string | undefined
  let callOff: (() => void) | null = null

  function sayNewest() {
    callOff = null
    const due = newest
    newest = null
    if (!due || JSON.stringify(due.state) === lastSaid) return
    lastSaid = JSON.stringify(due.state)
    said.push(clock.now())
    if (said.length > MOST_CALLS) said.shift()
    say(due.state)
  }

  function delay(): number {
    const oldest = said.length < MOST_CALLS ? undefined : said[0]
    return oldest === undefined ? A_MOMENT : Math.max(A_MOMENT, oldest + WINDOW - clock.now())
  }

  return {
    say(state: State) {
      newest = { state }
      callOff ??= clock.after(delay(), sayNewest)
    },
    stop() {
      callOff?.()
      callOff = null
      newest = null
    },
  }
}
