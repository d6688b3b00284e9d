import { App } from '@supabase/lite'
import type { PostgresConnection } from '@supabase/lite/postgres'
import { appUrl, type StackConfig } from '../../config.ts'
import type { AuthMail } from '../../mail/auth-mails.ts'
import { applyGoTrueRules } from '../auth/gotrue-rules.ts'
import { createRedirectCheck } from '../auth/redirects.ts'
import { currentCall } from '../call.ts'

export type SendAuthMail = (mail: AuthMail) => Promise<void>

const CODE_LENGTH = 8
const HOUR = 3_600

export function createAuth(connection: PostgresConnection, config: StackConfig, sendMail: SendAuthMail) {
  const allowedRedirect = createRedirectCheck(appUrl(config))
  const send = (kind: AuthMail['kind']) => (to: string, tokenHash: string, code: string) =>
    sendMail({ kind, to, tokenHash, code, redirectTo: allowedRedirect(currentCall()?.redirectTo) })

  const app = new App({
    connection,
    api: { enabled: false },
    storage: { enabled: false },
    auth: {
      enabled: true,
      jwt_secret: config.keys.jwtSecret,
      jwt_expiry: HOUR,
      site_url: appUrl(config),
      enable_signup: true,
      enable_refresh_token_rotation: true,
      minimum_password_length: 8,
      email: {
        enable_signup: true,
        // Invitations are bound to an address, so an account counts only once its owner has proved theirs.
        enable_confirmations: true,
        // The library asks the old address alone when this is on, and so would take the new one on trust.
        double_confirm_changes: false,
        otp_length: CODE_LENGTH,
        otp_expiry: HOUR,
      },
    },
    options: {
      server: {
        apiKeys: false,
        disableStudio: true,
        middlewares: [
          async (context, next) => {
            applyGoTrueRules(context.get('authService') as never, {
              allowedRedirect,
              sendConfirmation: send('signup'),
              sessionId: () => context.get('sessionId'),
              codeLength: CODE_LENGTH,
            })
            await next()
          },
        ],
      },
    },
  })
  app._mailer = {
    sendConfirmation: send('signup'),
    sendRecovery: send('recovery'),
    sendMagicLink: send('magiclink'),
    sendEmailChange: send('email_change'),
    sendReauthentication: (to, code, about) => send('reauthentication')(to, about?.tokenHash ?? '', code),
  }
  return app
}
