/** Why the CLI could not apply a file: `supabase/migrations/x.sql:12: message`, from what it printed. */
import type { CliResult } from './supabase-cli.ts'

export function explainPushFailure(result: CliResult, readText: (path: string) => string): string {
  const message = errorMessage(result)
  const path = failedFile(result.stderr)
  if (!path) return `The migrations were not applied: ${message}`
  const [complaint = message, excerpt] = message.split(/\nAt statement: \d+\n/)
  const line = excerpt ? lineOf(excerpt, readText(path)) : null
  const place = line === null ? path : `${path}:${line}`
  return `${place}: ${complaint.replace(/^ERROR: /, '')}; nothing of this file was applied.`
}

function errorMessage({ stdout, stderr }: CliResult): string {
  try {
    return (JSON.parse(stdout) as { error: { message: string } }).error.message.trim()
  } catch {
    return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? ''
  }
}

function failedFile(progress: string): string | null {
  const steps = [...progress.matchAll(/^(Applying migration|Seeding data from) (\S+?)\.\.\.$/gm)]
  const [, what, name] = steps.at(-1) ?? []
  if (!name) return null
  return what === 'Applying migration' ? `supabase/migrations/${name}` : name
}

/** The excerpt is the statement up to the line at fault, which a caret points at; without caret, the whole of it. */
function lineOf(excerpt: string, text: string): number | null {
  const lines = excerpt.split('\n')
  const pointed = /^\s*\^\s*$/.test(lines.at(-1) ?? '')
  const quoted = (pointed ? lines.slice(0, -1) : lines).join('\n')
  const start = text.indexOf(quoted)
  if (start < 0) return null
  const offset = pointed ? quoted.length : firstWord(quoted)
  return text.slice(0, start + offset).split('\n').length
}

const firstWord = (statement: string) => /^(\s+|--[^\n]*\n|\/\*.*?\*\/)*/s.exec(statement)![0].length
