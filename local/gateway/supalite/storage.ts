import { App } from '@supabase/lite'
import type { StackConfig } from '../../config.ts'
import { type Claims, currentCall } from '../call.ts'
import { roleOf } from '../rest/session-context.ts'
import { createObjectFiles } from '../storage/object-files.ts'
import { applyStorageRules, signMany, signManyIn } from '../storage/storage-rules.ts'
import type { CallerConnection } from './connections.ts'

const SIGN_MANY = 'storage.object.sign_many'
const subjectOf = (claims: Claims | null) => (typeof claims?.sub === 'string' ? claims.sub : null)

/** The body, if it is small and about signing; read from a copy. */
async function commandOf(request: Request): Promise<unknown> {
  return request.method === 'POST' && new URL(request.url).pathname.startsWith('/storage/v1/object/sign/')
    ? await request
        .clone()
        .json()
        .catch(() => null)
    : null
}

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
            const claims = currentCall()?.claims ?? null
            applyStorageRules(service as never)
            const many = signManyIn(context.req.method, context.req.path, await commandOf(context.req.raw))
            if (many) {
              service.setRequestAuth({ role: roleOf(claims), sub: subjectOf(claims), jwt: claims }, SIGN_MANY)
              return context.json(await signMany(service as never, many))
            }
            if (claims) {
              context.set('ignoreAuthorization', true)
              context.set('jwt', claims)
            }
            return next()
          },
        ],
      },
    },
  })
  app._storageAdapter = (await createObjectFiles(folder)) as never
  return app
}
