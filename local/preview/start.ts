import { join } from 'node:path'
import { startPreview } from '../../services/preview/node/start.ts'
import { apiUrl, databaseUrl } from '../config.ts'
import type { PartContext, RunningPart } from '../part.ts'

export async function startPreviewPart({
  config,
  log,
}: PartContext): Promise<RunningPart & { port: number }> {
  const { app } = config.ports
  return await startPreview({
    rootDir: config.rootDir,
    databaseUrl: databaseUrl(config, 'postgres'),
    apiUrl: apiUrl(config),
    secretKey: config.keys.secret,
    cacheDir: join(config.dataDir, 'cache/blobs'),
    listenOn: { host: '127.0.0.1', port: config.ports.preview },
    domains: (port) => ({
      preview: `preview.localhost:${port}`,
      apps: `apps.localhost:${port}`,
      customDomains: true,
    }),
    appOrigins: [`http://127.0.0.1:${app}`, `http://localhost:${app}`],
    report: (problem, error) => log.warn(problem, { error }),
  })
}
