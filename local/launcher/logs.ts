/** `npm run logs [part]`: the last lines of every part (or one), merged by time; follows while a terminal looks on. */
import { existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { basename, join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import { readOptions } from './options.ts'

const LAST_LINES = 200
const folder = join(readOptions([], process.env, rootDir).dataDir, 'logs')
const wanted = process.argv[2]

const known = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.log')) : []
const chosen = wanted ? known.filter((file) => basename(file, '.log') === wanted) : known
if (chosen.length === 0) {
  const names = known.map((file) => basename(file, '.log')).join(', ')
  process.stderr.write(
    wanted && names
      ? `No part "${wanted}" has a log; there are: ${names}.\n`
      : 'There are no logs yet: run "npm start" first.\n',
  )
  process.exit(1)
}

const offsets = new Map(chosen.map((file) => [file, statSync(join(folder, file)).size]))
const past = chosen.flatMap((file) => linesOf(file, readFileSync(join(folder, file), 'utf8')))
print(past.sort((a, b) => a.at.localeCompare(b.at)).slice(-LAST_LINES))
if (process.stdout.isTTY) watch(folder, (_, file) => file && offsets.has(file) && print(fresh(file)))

type Line = { at: string; text: string }

function fresh(file: string): Line[] {
  const content = readFileSync(join(folder, file))
  const known = offsets.get(file) ?? 0
  const from = content.length < known ? 0 : known
  const end = content.lastIndexOf('\n') + 1
  offsets.set(file, Math.max(from, end))
  return linesOf(file, content.subarray(from, Math.max(from, end)).toString('utf8'))
}

function linesOf(file: string, content: string): Line[] {
  let at = ''
  return content
    .split('\n')
    .filter(Boolean)
    .map((raw) => {
      const line = readable(basename(file, '.log'), raw)
      at = line.at || at // what is not ours stays after the line that it followed
      return { ...line, at }
    })
}

function readable(part: string, raw: string): Line {
  try {
    const { at, level, part: _, message, ...fields } = JSON.parse(raw) as Record<string, unknown>
    if (typeof at !== 'string') return { at: '', text: `${part}  ${raw}` }
    const rest = Object.entries(fields).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    return {
      at,
      text: `${at.slice(11, 23)}  ${part.padEnd(9)} ${String(level).padEnd(5)} ${message}  ${rest.join(' ')}`.trimEnd(),
    }
  } catch {
    return { at: '', text: `${' '.repeat(14)}${part.padEnd(9)} ${raw}` }
  }
}

function print(lines: Line[]): void {
  for (const line of lines) process.stdout.write(`${line.text}\n`)
}
