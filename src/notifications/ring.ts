/** How Baton calls: a sound, and a notification of the operating system. Both only where the person allowed them. */
import type { Notification as Heard } from '../../supabase/functions/_shared/protocol.ts'
import { ringingSettings } from './ringing-settings.ts'
import { isSeenSomewhere } from './seen.ts'

/** Several tabs hear of the same thing, some of them late; the first one rings for all. */
const ONE_TAB_FOR = 60_000

export function ring(heard: Heard, open: () => void): void {
  const { sound, system } = ringingSettings()
  const name = `baton.ring.${heard.id}.${heard.created_at}`
  if (sound) void inOneTab(`${name}.sound`, chime)
  if (system) void unlessSeen(() => inOneTab(name, () => notifyOfSystem(heard, open)))
}

/** Nothing is shown over a tab that somebody looks at: it says the same by itself. */
async function unlessSeen(act: () => Promise<void>): Promise<void> {
  if (!(await isSeenSomewhere())) await act()
}

async function inOneTab(name: string, act: () => void): Promise<void> {
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return
    act()
    await new Promise((settle) => setTimeout(settle, ONE_TAB_FOR))
  })
}

/** Two notes, quiet and short. A browser that was never touched plays nothing, which is its right. */
export function chime(): void {
  const audio = new AudioContext()
  const loudness = audio.createGain()
  loudness.connect(audio.destination)
  loudness.gain.setValueAtTime(0.0001, audio.currentTime)
  loudness.gain.exponentialRampToValueAtTime(0.12, audio.currentTime + 0.02)
  loudness.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.6)
  for (const [frequency, start] of [
    [660, 0],
    [880, 0.14],
  ] as const) {
    const note = audio.createOscillator()
    note.frequency.value = frequency
    note.connect(loudness)
    note.start(audio.currentTime + start)
    note.stop(audio.currentTime + 0.6)
    note.onended = () => void (audio.state !== 'closed' && start > 0 && audio.close())
  }
}

export type Permission = NotificationPermission | 'unsupported'

export const systemPermission = (): Permission =>
  'Notification' in window ? Notification.permission : 'unsupported'

/** The tag keeps slow tabs from showing it several times. Some phones only let a service worker show one. */
function notifyOfSystem({ id, title, body }: Heard, open: () => void): void {
  if (systemPermission() !== 'granted') return
  try {
    const shown = new Notification(title, { body, tag: id })
    shown.onclick = () => {
      window.focus()
      shown.close()
      open()
    }
  } catch {
    // It is in the bell too.
  }
}
