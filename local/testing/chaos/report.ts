import { percentile } from '../../../bench/measure.ts'
import type { Verdict } from './conversation.ts'
import type { ChaosReport } from './run-chaos.ts'

export function summarise({ verdicts, shakes, partKills }: ChaosReport): string {
  const ends = verdicts.flatMap(({ ends: all }) => all)
  const count = (end: string) => ends.filter((one) => one.end === end).length
  const takeovers = verdicts.flatMap(({ takeovers: all }) => all)
  const at = (share: number) => `${(percentile(takeovers, share) / 1_000).toFixed(2)} s`
  const sum = (of: (verdict: Verdict) => number) => verdicts.reduce((total, one) => total + of(one), 0)
  const told = (what: RegExp) => sum(({ story }) => story.filter((line) => what.test(line)).length)
  return [
    `${verdicts.length} conversations, ${sum(({ turns }) => turns)} turns, ${sum(({ requests }) => requests)} requests to the model`,
    `${told(/ compaction /)} summaries took the place of what was said, and ${told(/message Message \d+, again/)} messages were sent again`,
    `${count('kill')} workers killed, ${count('stop')} stopped and ${count('freeze')} frozen past their lease; the database went away ${shakes} times, the gateway or the realtime server of those who watch ${partKills} times`,
    `points reached: ${new Set(ends.map(({ point }) => point.split('#')[0])).size} different`,
    `${takeovers.length} takeovers: p50 ${at(50)}, p95 ${at(95)}, max ${at(100)}, with a lease of 1 s and a tick every 0.2 s (as Baton is started: bench/takeover.ts)`,
  ].join('\n')
}

export function explain({ seed, complaints, ends, story }: Verdict): string {
  return [
    `The conversation with the seed ${seed} did not end as it should:`,
    ...complaints.map((complaint) => `  - ${complaint}`),
    `  workers: ${ends.map(({ end, point }) => `${end} ${point}`).join(', ')}`,
    ...story.map((line) => `  | ${line}`),
    `Again: npm run chaos -- --only ${seed}`,
  ].join('\n')
}
