import { rootDir } from '../../scripts/root.ts'
import { apiUrl, appUrl, databaseUrl, modelUrl, previewUrl } from '../config.ts'
import { readOptions } from './options.ts'
import { isAlive, type RunFile, readRunFile } from './run-file.ts'

const { dataDir } = readOptions([], process.env, rootDir)
const run = readRunFile(dataDir)

if (!run || !isAlive(run.launcher)) {
  process.stderr.write(`Baton is not running with ${dataDir}: start it with "npm start".\n`)
  process.exit(1)
}
const facts = factsOf(run)
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(facts)}\n` : asTable(facts))

function factsOf({ config, launcher, pids, startedAt }: RunFile) {
  return {
    API_URL: apiUrl(config),
    PUBLISHABLE_KEY: config.keys.publishable,
    SECRET_KEY: config.keys.secret,
    DB_URL: databaseUrl(config, 'postgres'),
    APP_URL: appUrl(config),
    PREVIEW_URL: previewUrl(config),
    MODEL_URL: config.model.baseUrl || modelUrl(config),
    MODEL_KIND: config.model.kind,
    MAILBOX_URL: `${apiUrl(config)}/mailbox`,
    STARTED_AT: startedAt,
    PIDS: { launcher, ...pids },
  }
}

function asTable({ PIDS, ...facts }: ReturnType<typeof factsOf>): string {
  const rows = [
    ...Object.entries(facts),
    ...Object.entries(PIDS).map(([name, pid]) => [`pid of ${name}`, pid] as const),
  ]
  return rows.map(([name, value]) => `${name.padEnd(18)}${value}\n`).join('')
}
