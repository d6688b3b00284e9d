/**
 * Named places where a test can have this process die or stand still, so that what happens there does not depend on
 * timing: `before:` and `after:` each SQL function that a worker calls. Only where BATON_FAULTS_ALLOWED is 1; elsewhere
 * a passage costs nothing.
 *
 * BATON_FAULTS holds rules such as `after:close_tool_use#2=exit`: at the second passage of that point, in whatever
 * process, counted in the file BATON_FAULTS_STATE. `exit` ends the process as kill -9 would, `freeze:6000` stops
 * everything in it for so many milliseconds.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { optional } from '../_shared/environment.ts'

type Rule = { point: string; passage: number; action: string }

export type Pass = (point: string) => void

export function readFaults(): Pass {
  if (optional('BATON_FAULTS_ALLOWED') !== '1') return () => {}
  const rules = (optional('BATON_FAULTS') ?? '').split(',').filter(Boolean).map(parseRule)
  const state = optional('BATON_FAULTS_STATE') ?? '/tmp/baton-faults'
  return (point) => {
    if (!rules.some((rule) => rule.point === point)) return
    appendFileSync(state, `${point}\n`)
    const passed = readFileSync(state, 'utf8').split('\n')
    const passage = passed.filter((line) => line === point).length
    const rule = rules.find((candidate) => candidate.point === point && candidate.passage === passage)
    if (rule) carryOut(rule.action)
  }
}

function parseRule(text: string): Rule {
  const [, point, passage, action] =
    /^((?:before|after):[a-z_]+)(?:#(\d+))?=(exit|freeze:\d+)$/.exec(text.trim()) ?? []
  if (!point || !action)
    throw new Error(`BATON_FAULTS: "${text}" is no rule such as "before:open_turn#1=exit".`)
  return { point, passage: Number(passage ?? 1), action }
}

function carryOut(action: string): void {
  if (action === 'exit') process.exit(137)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(action.split(':')[1]))
}
