import { App } from '@supabase/lite'
import type { Log } from '../../log.ts'
import { currentCall } from '../call.ts'
import { type DataConnection, RestError } from './connections.ts'

/** The library is told who calls instead of finding out, which would cost it two queries each time. */
export function createDataApi(connection: DataConnection, log: Log) {
  const app = new App({
    connection,
    auth: { enabled: false },
    storage: { enabled: false },
    api: { enabled: true, schemas: ['public'], max_rows: 1_000, pg_safe_update: true },
    options: {
      server: {
        apiKeys: false,
        disableStudio: true,
        middlewares: [
          async (context, next) => {
            const call = currentCall()
            context.set('apiKeyType', call?.keyType ?? 'publishable')
            context.set('ignoreAuthorization', true)
            if (call?.claims) context.set('jwt', call.claims)
            await next()
          },
        ],
      },
    },
  })

  app.server.onError((error) => {
    if (error instanceof RestError) {
      const { status, headers, body } = error.refusal
      return Response.json(body, { status, headers })
    }
    log.error('the data API failed', { error })
    return Response.json(
      { code: 'PGRST000', message: 'Internal error', details: null, hint: null },
      { status: 500 },
    )
  })
  return app
}
