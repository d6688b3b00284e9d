import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { analyticsSearch } from './analytics/period.ts'
import { deskSearch } from './escalations/desk-search.ts'
import { placeSearch } from './files/place-search.ts'
import { safeNextPath } from './session/next-path.ts'
import { currentSession } from './session/session.ts'
import { ErrorPage } from './shell/error-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'

type GoingOn = { next?: string | undefined; ended?: true | undefined }

const goingOn = (search: Record<string, unknown>): GoingOn => ({
  next: safeNextPath(search.next),
  ended: search.ended === true ? true : undefined,
})

const root = createRootRoute({ component: Outlet })

const signedOut = createRoute({
  getParentRoute: () => root,
  id: 'signed-out',
  validateSearch: goingOn,
  beforeLoad: async ({ search }) => {
    if (await currentSession()) throw redirect({ to: search.next ?? '/', replace: true })
  },
  component: lazyRouteComponent(() => import('./session/signed-out.tsx'), 'SignedOut'),
})

const signIn = createRoute({
  getParentRoute: () => signedOut,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./session/sign-in-page.tsx'), 'SignInPage'),
})

const signUp = createRoute({
  getParentRoute: () => signedOut,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./session/sign-up-page.tsx'), 'SignUpPage'),
})

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./session/reset-password-page.tsx'), 'ResetPasswordPage'),
})

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('./session/new-password-page.tsx'), 'NewPasswordPage'),
})

const callback = createRoute({
  getParentRoute: () => root,
  path: '/auth/callback',
  component: lazyRouteComponent(() => import('./session/callback-page.tsx'), 'CallbackPage'),
})

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: lazyRouteComponent(() => import('./shell/app-layout.tsx'), 'AppLayout'),
})

const invite = createRoute({
  getParentRoute: () => app,
  path: '/invite',
  beforeLoad: async () => ({ session: await currentSession() }),
  component: lazyRouteComponent(() => import('./teams/accept-invitation-page.tsx'), 'AcceptInvitationPage'),
})

const system = createRoute({
  getParentRoute: () => app,
  path: '/system',
  component: lazyRouteComponent(() => import('./system/system-page.tsx'), 'SystemPage'),
})

const workspace = createRoute({
  getParentRoute: () => app,
  id: 'workspace',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('./shell/workspace.tsx'), 'Workspace'),
})

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('./teams/first-team-page.tsx'), 'HomePage'),
})

const team = createRoute({
  getParentRoute: () => workspace,
  path: '/t/$teamId',
  component: lazyRouteComponent(() => import('./teams/team-layout.tsx'), 'TeamLayout'),
})

const teamHome = createRoute({
  getParentRoute: () => team,
  path: '/',
  validateSearch: (search): { create?: true | undefined } => (search.create === true ? { create: true } : {}),
  component: lazyRouteComponent(() => import('./teams/team-home-page.tsx'), 'TeamHomePage'),
})

const members = createRoute({
  getParentRoute: () => team,
  path: '/members',
  validateSearch: (search): { invite?: true | undefined } => (search.invite === true ? { invite: true } : {}),
  component: lazyRouteComponent(() => import('./teams/members-page.tsx'), 'MembersPage'),
})

const project = createRoute({
  getParentRoute: () => workspace,
  path: '/p/$projectId',
  validateSearch: placeSearch,
  component: lazyRouteComponent(() => import('./projects/project-layout.tsx'), 'ProjectLayout'),
})

const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('./projects/project-home-page.tsx'), 'ProjectHomePage'),
})

const chat = createRoute({
  getParentRoute: () => project,
  path: '/c/$chatId',
  /** An entry to go to, and to point out. */
  validateSearch: ({ entry }): { entry?: string | undefined } => (typeof entry === 'string' ? { entry } : {}),
  component: lazyRouteComponent(() => import('./chat/chat-page.tsx'), 'ChatPage'),
})

const desk = createRoute({
  getParentRoute: () => workspace,
  path: '/escalations',
  component: lazyRouteComponent(() => import('./escalations/desk-layout.tsx'), 'DeskLayout'),
})

const queue = createRoute({
  getParentRoute: () => desk,
  path: '/',
  validateSearch: deskSearch,
  component: lazyRouteComponent(() => import('./escalations/desk-page.tsx'), 'DeskPage'),
})

const ladder = createRoute({
  getParentRoute: () => desk,
  path: '/ladder',
  component: lazyRouteComponent(() => import('./escalations/ladder/ladder-page.tsx'), 'LadderPage'),
})

const handOver = createRoute({
  getParentRoute: () => desk,
  path: '/$escalationId',
  component: lazyRouteComponent(() => import('./escalations/hand-over-page.tsx'), 'HandOverPage'),
})

const escalationAnalytics = createRoute({
  getParentRoute: () => workspace,
  path: '/analytics/escalations',
  validateSearch: analyticsSearch,
  component: lazyRouteComponent(() => import('./analytics/escalations-page.tsx'), 'EscalationAnalyticsPage'),
})

const settings = createRoute({
  getParentRoute: () => workspace,
  path: '/settings',
  beforeLoad: ({ location }) => {
    if (location.pathname === '/settings') throw redirect({ to: '/settings/profile', replace: true })
  },
})

const profile = createRoute({
  getParentRoute: () => settings,
  path: '/profile',
  component: lazyRouteComponent(() => import('./settings/profile-page.tsx'), 'ProfilePage'),
})

const appearance = createRoute({
  getParentRoute: () => settings,
  path: '/appearance',
  component: lazyRouteComponent(() => import('./settings/appearance-page.tsx'), 'AppearancePage'),
})

const notifications = createRoute({
  getParentRoute: () => settings,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./settings/notifications-page.tsx'), 'NotificationsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signedOut.addChildren([signIn, signUp]),
    resetPassword,
    newPassword,
    callback,
    app.addChildren([
      invite,
      system,
      workspace.addChildren([
        home,
        team.addChildren([teamHome, members]),
        project.addChildren([projectHome, chat]),
        desk.addChildren([queue, ladder, handOver]),
        escalationAnalytics,
        settings.addChildren([profile, appearance, notifications]),
      ]),
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  trailingSlash: 'never',
})

async function requireSession({ location }: { location: { href: string } }) {
  const session = await currentSession()
  if (!session)
    throw redirect({ to: '/sign-in', search: { next: safeNextPath(location.href) }, replace: true })
  return { userId: session.user.id }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
