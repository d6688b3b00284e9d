/** What a project shows, and what is on its way: read from its builds, deployments and hosts. */
import type {
  Build,
  Deployment,
  DeploymentKind,
  Host,
  ProjectSnapshot,
} from '../../supabase/functions/_shared/protocol.ts'

export type Shown = {
  host: Host | null
  /** What the host shows now. */
  deployment: Deployment | null
  /** The one that is being built, or waits to be. */
  underWay: Build | null
  /** The newest build, when it failed and what is shown is older than it. */
  failed: Build | null
}

type Part = Pick<ProjectSnapshot, 'builds' | 'deployments' | 'hosts'>

export function shownOf({ builds, deployments, hosts }: Part, kind: DeploymentKind): Shown {
  const host = hosts.find((one) => one.kind === kind) ?? null
  const deployment = deployments.find(({ id }) => id === host?.deployment_id) ?? null
  const own = builds.filter((build) => build.kind === kind)
  const underWay = own.find(isUnderWay) ?? null
  const newest = own.find((build) => build.state === 'succeeded' || build.state === 'failed')
  const isNews = newest?.state === 'failed' && newest.version >= (deployment?.version ?? 0)
  return { host, deployment, underWay, failed: isNews ? newest : null }
}

export const isUnderWay = ({ state }: Pick<Build, 'state'>) => state === 'pending' || state === 'running'

/** A preview is made of what was changed last, whoever changed it. */
export type PreviewState =
  | { state: 'shown'; deployment: Deployment; host: Host }
  /** The first one is on its way, or nothing was ever built. */
  | { state: 'first' }
  /** Not one build has succeeded. */
  | { state: 'broken'; build: Build }

export function previewStateOf({ host, deployment, failed, underWay }: Shown): PreviewState {
  if (host && deployment) return { state: 'shown', deployment, host }
  if (failed && !underWay) return { state: 'broken', build: failed }
  return { state: 'first' }
}

export function addressOf(host: Host, previewUrl: string): string {
  const { protocol, host: domain } = new URL(previewUrl)
  if (host.kind === 'production') return `${protocol}//${host.slug}.${domain.replace(/^preview\./, 'apps.')}`
  const label = host.visibility === 'private' && host.key ? `${host.slug}--${host.key}` : host.slug
  return `${protocol}//${label}.${domain}`
}
