/** Which tabs of Baton are looked at, known to all tabs of this browser: each that is holds a lock, shared with the others. */
const SEEN = 'baton.seen'

export async function isSeenSomewhere(): Promise<boolean> {
  const { held } = await navigator.locks.query()
  return held?.some(({ name }) => name === SEEN) ?? false
}

/** Answers with how to stop. */
export function tellWhenSeen(): () => void {
  let hide = () => {}
  const look = () => {
    hide()
    if (document.visibilityState === 'visible') hide = beSeen()
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    hide()
  }
}

function beSeen(): () => void {
  let hide = () => {}
  const hidden = new Promise<void>((resolve) => {
    hide = resolve
  })
  // Not there on an address that is neither https nor this machine, where nothing could be shown either.
  void navigator.locks?.request(SEEN, { mode: 'shared' }, () => hidden)
  return hide
}
