import { durationText } from '../ui/duration.ts'

/** Nobody knows it yet: a dash. */
export const timeText = (seconds: number | null): string =>
  seconds === null ? '–' : durationText(seconds * 1_000)

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Math.round(share * 100)} %`
