import { expect, test } from 'vitest'
import { explainFailure } from './failures.ts'

const sentence = (output: string) => explainFailure(output, { dataDir: '/data/postgres', port: 54324 })

test.each([
  [
    'initdb: error: could not write to file "pg_wal/x": No space left on device',
    /disk that holds \/data\/postgres is full/,
  ],
  ['FATAL:  could not create any TCP/IP sockets', /Port 54324 .* is taken/],
  ['FATAL:  database files are incompatible with server', /Baton runs Postgres 17/],
  ['FATAL:  data directory "/data/postgres" has wrong ownership', /may not read or write \/data\/postgres/],
  ['EACCES: permission denied, open', /may not read or write/],
  [
    'LOG:  x\nFATAL:  could not open file "global/pg_filenode.map"',
    /: could not open file "global\/pg_filenode.map"; "npm start -- --reset"/,
  ],
  ['', /did not start from \/data\/postgres; /],
])('%j becomes one sentence', (output, expected) => {
  expect(sentence(output)).toMatch(expected)
  expect(sentence(output)).not.toContain('\n')
})
