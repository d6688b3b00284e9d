/** What is shown where there is no app to show. Says what happened and what to do, and tries again where that helps. */
export type Page = { status: number; title: string; text: string; retryAfterS?: number }

export const PAGES = {
  notAnAddress: { status: 400, title: 'This address is not valid', text: 'Check that it was copied whole.' },
  method: {
    status: 405,
    title: 'Only reading is possible here',
    text: 'Apps are served with GET and HEAD. To store something, an app needs a backend of its own.',
  },
  serviceWorker: {
    status: 403,
    title: 'Service workers are not served',
    text: 'A service worker would outlive the version of the app that brought it. Remove its registration.',
  },
  foreign: {
    status: 421,
    title: 'This server does not answer to that name',
    text: 'Apps live on subdomains of it; the address of an app is shown in Baton.',
  },
  front: {
    status: 404,
    title: 'Each app has an address of its own',
    text: 'Open it from its project in Baton.',
  },
  noApp: {
    status: 404,
    title: 'There is no app at this address',
    text: 'It may have been taken offline or renamed. Ask whoever gave you the address.',
  },
  private: {
    status: 403,
    title: 'This preview is private',
    text: 'Open it from Baton. If somebody sent you this address, ask for a new one: the old one may have been withdrawn.',
  },
  notPublished: {
    status: 404,
    title: 'This app is not published',
    text: 'Somebody of the team publishes it in Baton; its address stays the same.',
  },
  waiting: {
    status: 503,
    title: 'The first preview is on its way',
    text: 'This page becomes the app as soon as it is built.',
    retryAfterS: 5,
  },
  firstBuildFailed: {
    status: 503,
    title: 'The app could not be built yet',
    text: 'The project in Baton says where it fails. This page becomes the app as soon as it builds.',
    retryAfterS: 5,
  },
  noFile: { status: 404, title: 'There is no such file', text: 'Nothing in this app has that name.' },
  unavailable: {
    status: 503,
    title: 'This app cannot be shown right now',
    text: 'What it is kept in does not answer. This page tries again by itself.',
    retryAfterS: 2,
  },
  broken: {
    status: 500,
    title: 'Something went wrong here',
    text: 'The log of the preview host says what. Try again.',
  },
} satisfies Record<string, Page>

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100dvh;display:grid;place-items:center;background:light-dark(#fafafa,#111113);color:light-dark(#18181b,#f4f4f5)}
main{max-width:28rem;padding:2rem;text-align:center}h1{font-size:1.25rem;font-weight:600;margin:0 0 .5rem;text-wrap:balance}
p{margin:0;color:light-dark(#52525b,#b4b4bb);text-wrap:pretty}`

export const htmlOf = ({ title, text }: Page): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`
