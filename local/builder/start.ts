import { join } from 'node:path'
import { startBuilder } from '../../services/builder/builder.ts'
import { apiUrl, databaseUrl } from '../config.ts'
import type { PartContext, RunningPart } from '../part.ts'

export async function startBuilderPart({ config, log }: PartContext): Promise<RunningPart> {
  return await startBuilder({
    databaseUrl: databaseUrl(config, 'postgres'),
    apiUrl: apiUrl(config),
    secretKey: config.keys.secret,
    cacheFolder: join(config.dataDir, 'cache/builder'),
    blobFolder: join(config.dataDir, 'cache/blobs'),
    log,
    healthPort: config.internal.builder,
  })
}
