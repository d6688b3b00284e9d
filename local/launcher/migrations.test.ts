import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPlace, type Place, runNpm, stop } from '../../scripts/baton-process.ts'
import { rootDir } from '../../scripts/root.ts'

let place: Place
let copy: string

beforeAll(async () => {
  place = await newPlace()
  copy = mkdtempSync(join(tmpdir(), 'baton-copy-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: rootDir })
  const archive = execFileSync('tar', ['-c', '--null', '--ignore-failed-read', '-T', '-'], {
    cwd: rootDir,
    input: files,
    maxBuffer: 1 << 28,
  })
  execFileSync('tar', ['-x', '-C', copy], { input: archive })
  symlinkSync(join(rootDir, 'node_modules'), join(copy, 'node_modules'))
})

afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
  place[Symbol.dispose]()
})

test('a migration that fails is named with file, line and message, and nothing of it is applied', async () => {
  const migration = join(copy, 'supabase/migrations/29990101000000_broken.sql')
  writeFileSync(migration, 'create table public.half (id int);\n\nselect no_such_function();\n')
  const broken = runNpm(['start'], { cwd: copy, environment: place.environment })
  expect((await broken.ended).code).toBe(1)
  expect(broken.output).toContain('29990101000000_broken.sql:3')
  expect(broken.output).toContain('no_such_function')

  // the same table again: it would fail if the first try had left it behind
  writeFileSync(migration, 'create table public.half (id int);\n')
  const mended = runNpm(['start'], { cwd: copy, environment: place.environment })
  await mended.prints('Baton is ready')
  expect(await stop(mended, place)).toEqual({ code: 0, signal: null })
})
