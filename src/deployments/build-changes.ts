/** What becomes of a project on screen when something is built, published or reported. A fold. */
import type {
  BatonEvent,
  Build,
  Deployment,
  Domain,
  Host,
  PreviewError,
  ProjectSnapshot,
  Variable,
} from '../../supabase/functions/_shared/protocol.ts'

/** As many as a snapshot holds. */
const MOST_BUILDS = 20
const MOST_DEPLOYMENTS = 20

export function applyBuildEvent(project: ProjectSnapshot, event: BatonEvent): ProjectSnapshot {
  switch (event.kind) {
    case 'build.changed':
      return { ...project, builds: withBuild(project.builds, event.payload) }
    case 'deployment.made':
      return withDeployments(project, [event.payload, ...project.deployments])
    case 'host.changed':
      return withShownErrors(
        withDeployments({ ...project, hosts: withHost(project.hosts, event.payload) }, project.deployments),
        project.preview_errors,
      )
    case 'variable.changed':
      return { ...project, variables: withVariable(project.variables, event.payload) }
    case 'variable.deleted':
      return { ...project, variables: project.variables.filter(({ name }) => name !== event.payload.name) }
    case 'domain.changed':
      return { ...project, domains: withDomain(project.domains, event.payload) }
    case 'domain.removed':
      return {
        ...project,
        domains: project.domains.filter(({ domain }) => domain !== event.payload.domain),
      }
    case 'preview.error':
      return withShownErrors(project, withError(project.preview_errors, event.payload))
    case 'preview.cleared':
      return {
        ...project,
        preview_errors: project.preview_errors.filter(({ id }) => !event.payload.ids.includes(id)),
      }
    case 'preview.asked':
      return {
        ...project,
        preview_questions: [...without(project.preview_questions, event.payload.id), event.payload],
      }
    case 'preview.answered':
      return { ...project, preview_questions: without(project.preview_questions, event.payload.id) }
    default:
      return project
  }
}

/** Newest first, without those that were superseded. */
function withBuild(builds: Build[], build: Build): Build[] {
  const others = without(builds, build.id)
  if (build.state === 'superseded') return others
  return [build, ...others].sort(newestFirst).slice(0, MOST_BUILDS)
}

/** The newest of each kind, and those that are on show. */
function withDeployments(project: ProjectSnapshot, deployments: Deployment[]): ProjectSnapshot {
  const shown = new Set(project.hosts.map(({ deployment_id }) => deployment_id))
  const counts = { preview: 0, production: 0 }
  const seen = new Set<string>()
  const kept = deployments.toSorted(newestFirst).filter(({ id, kind }) => {
    if (seen.has(id)) return false
    seen.add(id)
    counts[kind] += 1
    return counts[kind] <= MOST_DEPLOYMENTS || shown.has(id)
  })
  return { ...project, deployments: kept }
}

const withHost = (hosts: Host[], host: Host): Host[] =>
  [...hosts.filter(({ kind }) => kind !== host.kind), host].sort((one, other) =>
    one.kind < other.kind ? -1 : 1,
  )

/** The event has no value: whoever shows it reads the row. */
function withVariable(variables: Variable[], change: Omit<Variable, 'value'>): Variable[] {
  const before = variables.find(({ name }) => name === change.name)
  return [...variables.filter((one) => one !== before), { value: '', ...before, ...change }].sort(byName)
}

const byName = (one: Variable, other: Variable) => (one.name < other.name ? -1 : 1)

const withDomain = (domains: Domain[], domain: Domain): Domain[] =>
  [...domains.filter((one) => one.domain !== domain.domain), domain].sort((one, other) =>
    one.domain < other.domain ? -1 : 1,
  )

/** Those of what the preview shows now; without a preview there is nothing to leave out. */
function withShownErrors(project: ProjectSnapshot, errors: PreviewError[]): ProjectSnapshot {
  const shown = project.hosts.find(({ kind }) => kind === 'preview')?.deployment_id
  const kept = shown ? errors.filter(({ deployment_id }) => deployment_id === shown) : errors
  return { ...project, preview_errors: kept }
}

const withError = (errors: PreviewError[], error: PreviewError): PreviewError[] =>
  [error, ...without(errors, error.id)].sort((one, other) => (one.last_at > other.last_at ? -1 : 1))

function without<Row extends { id: string }>(rows: Row[], id: string): Row[] {
  return rows.some((row) => row.id === id) ? rows.filter((row) => row.id !== id) : rows
}

type Made = { id: string; created_at: string }

const newestFirst = (one: Made, other: Made) =>
  `${one.created_at} ${one.id}` > `${other.created_at} ${other.id}` ? -1 : 1
