import { expect, test } from 'vitest'
import type { EscalationMetrics, MetricsRow } from '../../supabase/functions/_shared/protocol.ts'
import { groupsAsCsv, timeAsCsv } from './csv.ts'

const none = { count: 0, median_s: null, p90_s: null }
const row = (label: string): MetricsRow => ({
  key: label,
  label,
  raised: 3,
  claimed: 2,
  resolved: 1,
  returned: 1,
  cancelled: 0,
  lapsed: 0,
  to_claim: { count: 2, median_s: 12.5, p90_s: 40 },
  to_resolve: none,
})
const metrics = (causes: string[]): EscalationMetrics => ({
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
  raised: 3,
  claimed: 2,
  resolved: 1,
  returned: 1,
  cancelled: 0,
  open: 1,
  to_claim: none,
  to_resolve: none,
  lapse_rate: null,
  return_rate: null,
  assessment: { answered: 0, right: 0, share: null, by_confidence: [] },
  step: 'day',
  over_time: [{ at: '2026-11-02T00:00:00Z', raised: 3, closed: 2, backlog: 1 }],
  by_person: [],
  by_cause: causes.map(row),
  by_project: [],
  by_hour: [],
  by_source: [],
})

const lines = (text: string) => text.split('\r\n').slice(1, -1)

test('what nobody measured is an empty cell', () => {
  expect(lines(groupsAsCsv(metrics(['Other'])))).toEqual(['cause,Other,3,2,1,1,0,0,12.5,40,,'])
})

test('commas and quotes stay within their cell', () => {
  expect(lines(groupsAsCsv(metrics(['a "b", c'])))[0]).toMatch(/^cause,"a ""b"", c",3/)
})

test.for(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('%j is not run by a spreadsheet', (text) => {
  expect(lines(groupsAsCsv(metrics([text])))[0]).toContain(`cause,'${text},`)
})

test('the course of time has a line for each step', () => {
  expect(timeAsCsv(metrics([]))).toBe('end of day,raised,closed,backlog\r\n2026-11-02T00:00:00Z,3,2,1\r\n')
})
