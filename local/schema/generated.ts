import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { rootDir } from '../../scripts/root.ts'

/** Writes a generated file, or with `--check` fails where the file differs from what would be written. */
export function writeOrCheck(path: string, text: string, command: string): void {
  const name = relative(rootDir, path)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
    console.log(before === text ? `${name} is up to date` : `${name} is written`)
    return
  }
  if (before === text) return
  console.error(`${name} is not what it is generated from; run "${command}". The first difference:\n`)
  console.error(firstDifference(before, text))
  process.exitCode = 1
}

export function firstDifference(before: string, after: string): string {
  const [old, current] = [before.split('\n'), after.split('\n')]
  let line = 0
  while (old[line] === current[line]) line++
  const show = (mark: string, lines: string[]) => lines.slice(line, line + 3).map((text) => `${mark} ${text}`)
  return [`line ${line + 1}`, ...show('-', old), ...show('+', current)].join('\n')
}
