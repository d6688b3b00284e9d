/**
 * `npm run chaos -- --kills 10000 [--seed 1] [--at-once 2]`: until so many workers were killed or a conversation went
 * wrong. The database is killed now and then as well, and with it the gateway or the realtime server of those who watch.
 * `--only <seed>` plays one conversation again.
 */
import { parseArgs } from 'node:util'
import { silentLog, startThrowaway } from '../throwaway.ts'
import { explain, summarise } from './report.ts'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '2' },
    only: { type: 'string' },
  },
})
const say = (text: string) => process.stdout.write(`${text}\n`)

await using throwaway = await startThrowaway()
const seed = Number(values.only ?? values.seed)
say(values.only ? `The conversation ${seed} once more` : `Seed ${seed}: ${values.kills} kills`)
const report = await runChaos({
  database: throwaway.config,
  seed,
  kills: values.only ? 0 : Number(values.kills),
  atOnce: Number(values['at-once']),
  log: silentLog,
  ...(values.only ? {} : { shake: throwaway.crash }),
  onVerdict({ seed: own, complaints, ends, turns, seconds }) {
    const kills = ends.filter(({ end }) => end === 'kill').length
    say(
      `${complaints.length === 0 ? 'right' : 'WRONG'} ${own}: ${turns} turns, ${kills} kills, ${seconds.toFixed(1)} s`,
    )
  },
})
say(summarise(report))
for (const verdict of report.failed) say(explain(verdict))
process.exitCode = report.failed.length > 0 ? 1 : 0
