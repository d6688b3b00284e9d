/**
 * Postgres refuses to run as root. Started by root it therefore runs as the owner of the data folder or, when that is
 * root too, as `nobody`. Such a user cannot enter a folder like /root, where the data or the program may well be; then
 * it gets the one capability that passes closed folders.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Capability, runNative } from '../native.ts'
import type { Binaries } from './binaries.ts'

export type RunAs = { uid?: number; gid?: number; capability?: Capability }

/** `dataDir` or, before it is made, its parent says who owns the data. */
export function chooseUser(dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return {}
  const owner = statSync(existsSync(dataDir) ? dataDir : dirname(dataDir))
  if (owner.uid !== 0 && accountOf(owner.uid)) return { uid: owner.uid, gid: owner.gid }
  const nobody = readAccounts().find((account) => account.name === 'nobody')
  if (!nobody) {
    throw new Error(
      'Postgres does not run as root and there is no user "nobody"; start Baton as an ordinary user.',
    )
  }
  return { uid: nobody.uid, gid: nobody.gid }
}

/** The same user, with the capability that it needs to reach the program and the data, if any. */
export function reach(user: RunAs, binaries: Binaries, dataDir: string): RunAs {
  if (user.uid === undefined) return user
  const attempts: RunAs[] = [
    user,
    { ...user, capability: 'dac_read_search' },
    { ...user, capability: 'dac_override' },
  ]
  const found = attempts.find((attempt) => reaches(attempt, binaries, dataDir))
  if (found) return found
  throw new Error(
    `Postgres does not run as root, and the user with the id ${user.uid} can reach neither ${dataDir} nor ${binaries.postgres}; start Baton as an ordinary user, or put it and BATON_DATA in folders that everybody may enter.`,
  )
}

/** By doing it, since asking (`access`) leaves capabilities out of account. */
function reaches(user: RunAs, { postgres, template }: Binaries, dataDir: string): boolean {
  const script = '"$1" --version && : <"$2" && cd "$3"'
  return runNative('sh', ['-c', script, 'sh', postgres, template, dataDir], { ...user, cwd: '/' }) === 0
}

type Account = { name: string; uid: number; gid: number }

/** initdb insists on a user that the system knows by name. */
const accountOf = (uid: number) => readAccounts().find((account) => account.uid === uid)

function readAccounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
