import { POSTGRES_MAJOR } from './binaries.ts'

type Circumstances = { dataDir: string; port?: number }

/** What initdb or Postgres wrote before it gave up, as one sentence that says what to do. */
export function explainFailure(output: string, { dataDir, port }: Circumstances): string {
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(output)) {
    return `The disk that holds ${dataDir} is full; free some space or choose another folder with BATON_DATA.`
  }
  if (/could not create any TCP\/IP sockets|address already in use/i.test(output)) {
    return `Port ${port} for Postgres is taken by another program; stop that, or choose other ports with BATON_PORT.`
  }
  if (/incompatible with server|initialized by PostgreSQL version/i.test(output)) {
    return explainOtherMajor(dataDir, 'version')
  }
  if (/permission denied|EACCES|EPERM|wrong ownership|invalid permissions/i.test(output)) {
    return `Postgres may not read or write ${dataDir}; give the folder to the user who starts Baton, or choose another with BATON_DATA.`
  }
  const said = lastComplaint(output)
  return `Postgres did not start from ${dataDir}${said ? `: ${said}` : ''}; "npm start -- --reset" begins with an empty database.`
}

export function explainOtherMajor(dataDir: string, found: string): string {
  return `The data folder ${dataDir} was made by Postgres ${found} and Baton runs Postgres ${POSTGRES_MAJOR}; choose another folder with BATON_DATA, or begin empty with "npm start -- --reset".`
}

function lastComplaint(output: string): string {
  const complaints = output.split('\n').filter((line) => /\b(FATAL|PANIC|ERROR|error):/.test(line))
  return (complaints.at(-1) ?? '').replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, '').trim()
}
