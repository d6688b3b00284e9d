/** A model without a key: speaks Anthropic's protocol, streaming included, and answers from fixtures. */
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { rootDir } from '../../scripts/root.ts'
import type { PartContext, RunningPart } from '../part.ts'
import { readFixtures } from './fixtures.ts'

export type ModelOptions = PartContext & { fixturesDir?: string }

const OUR_FIXTURES = join(rootDir, 'local/rehearsal/fixtures')

export async function startModel({
  config,
  log,
  fixturesDir = OUR_FIXTURES,
}: ModelOptions): Promise<RunningPart & { port: number }> {
  const fixtures = readFixtures(fixturesDir)
  const model = new LLMock({ host: '127.0.0.1', port: config.ports.model, journalMaxEntries: 200 })
  model.addFixtures(fixtures)
  await model.start()
  log.info('rehearsal model listens', { port: model.port, fixtures: fixtures.length })
  return { port: model.port, stop: () => model.stop() }
}
