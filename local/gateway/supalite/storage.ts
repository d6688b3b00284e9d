import { App } from '@supabase/lite'
import type { StackConfig } from '../../config.ts'
import { currentCall } from '../call.ts'
import { createObjectFiles } from '../storage/object-files.ts'
import { applyStorageRules } from '../storage/storage-rules.ts'
import type { CallerConnection } from './connections.ts'

export const OBJECT_LIMIT_BYTES = 50 * 1024 * 1024

export async function createStorage(connection: CallerConnection, config: StackConfig, folder: string) {
  const app = new App({
    connection,
    api: { enabled: false },
    storage: { enabled: true, file_size_limit: `${OBJECT_LIMIT_BYTES}B` },
    // Signs the addresses of objects; tokens of people are checked before they come here.
    auth: { enabled: false, jwt_secret: config.keys.jwtSecret },
    options: {
      server: {
        apiKeys: false,
        disableStudio: true,
        middlewares: [
          async (context, next) => {
            const service = context.get('storageService')
            applyStorageRules(service as never)
            const claims = currentCall()?.claims
            if (claims) {
              context.set('ignoreAuthorization', true)
              context.set('jwt', claims)
            }
            await next()
          },
        ],
      },
    },
  })
  app._storageAdapter = (await createObjectFiles(folder)) as never
  return app
}
