export type DeployOptions = { projectRef: string; appUrl: string; withDemo: boolean }

const USAGE =
  'Use: npm run deploy -- --project-ref <ref> --app-url <https://where the app will be> [--with-demo]'

/** Answers the options, or the sentence that says what is missing. */
export function readDeployOptions(argv: string[], environment: NodeJS.ProcessEnv): DeployOptions | string {
  const projectRef = optionIn(argv, '--project-ref')
  const appUrl = optionIn(argv, '--app-url') ?? environment.BATON_APP_URL
  if (!projectRef) return `The project is missing. ${USAGE}`
  if (!/^[a-z]{20}$/.test(projectRef)) {
    return `"${projectRef}" is not a project ref: it is the 20 lower-case letters in the address of the project's dashboard. ${USAGE}`
  }
  if (!appUrl) return `The address of the app is missing; links in mails lead there. ${USAGE}`
  if (!URL.canParse(appUrl) || new URL(appUrl).protocol !== 'https:') {
    return `"${appUrl}" must be an https address. ${USAGE}`
  }
  return { projectRef, appUrl: new URL(appUrl).origin, withDemo: argv.includes('--with-demo') }
}

function optionIn(argv: string[], name: string): string | undefined {
  const index = argv.indexOf(name)
  const joined = argv.find((argument) => argument.startsWith(`${name}=`))
  return joined?.slice(name.length + 1) ?? (index >= 0 ? argv[index + 1] : undefined)
}

type ApiKey = { type?: string; api_key?: string }

/** The opaque keys among those that the CLI lists. */
export function pickKeys(answer: unknown): { publishable: string; secret: string } | null {
  const keys = Array.isArray(answer) ? (answer as ApiKey[]) : []
  const publishable = keys.find((key) => key.type === 'publishable')?.api_key
  const secret = keys.find((key) => key.type === 'secret')?.api_key
  return publishable && secret ? { publishable, secret } : null
}
