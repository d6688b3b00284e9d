import type {
  BatonEvent,
  EventKind,
  Invitation,
  Member,
  Project,
  TeamSnapshot,
} from '../../supabase/functions/_shared/protocol.ts'

/** What an event says, without when it was said: also what a click says before the server has confirmed it. */
export type TeamChange = {
  [Kind in EventKind]: Pick<Extract<BatonEvent, { kind: Kind }>, 'kind' | 'payload'>
}[EventKind]

/** A fold. The same object when the change is in the snapshot already. */
export function applyTeamChange(team: TeamSnapshot, change: TeamChange): TeamSnapshot {
  switch (change.kind) {
    case 'team.renamed':
      return team.team.name === change.payload.name ? team : renamed(team, change.payload.name)
    case 'member.joined':
      return withMembers(team, (members) => upsert(members, change.payload))
    case 'member.role_changed':
    case 'member.renamed':
      return withMembers(team, (members) => patch(members, change.payload))
    case 'member.removed':
      return withMembers(team, (members) => without(members, 'user_id', change.payload.user_id))
    case 'invitation.created':
      return withInvitations(team, (open) =>
        open.some(({ id }) => id === change.payload.id) ? open : [...open, change.payload],
      )
    case 'invitation.closed':
      return withInvitations(team, (open) => without(open, 'id', change.payload.id))
    case 'project.created':
      return withProjects(team, (projects) =>
        projects.some(({ id }) => id === change.payload.id)
          ? projects
          : [...projects, change.payload].sort(byCreation),
      )
    case 'project.renamed':
    case 'project.archived':
      return withProjects(team, (projects) =>
        projects.map((project) =>
          project.id === change.payload.id ? { ...project, ...change.payload } : project,
        ),
      )
    default:
      return team
  }
}

/** Whoever is removed may no longer read what follows. */
export const removes = (userId: string, change: TeamChange) =>
  change.kind === 'member.removed' && change.payload.user_id === userId

const renamed = (team: TeamSnapshot, name: string) => ({ ...team, team: { ...team.team, name } })

function withMembers(team: TeamSnapshot, change: (members: Member[]) => Member[]): TeamSnapshot {
  const members = change(team.members)
  return members === team.members ? team : { ...team, members }
}

function withInvitations(team: TeamSnapshot, change: (open: Invitation[]) => Invitation[]): TeamSnapshot {
  const invitations = change(team.invitations)
  return invitations === team.invitations ? team : { ...team, invitations }
}

function withProjects(team: TeamSnapshot, change: (projects: Project[]) => Project[]): TeamSnapshot {
  const projects = change(team.projects)
  return projects === team.projects ? team : { ...team, projects }
}

/** Of two that are made at once, the later may be told first. */
function byCreation(one: Project, other: Project): number {
  return `${one.created_at} ${one.id}` < `${other.created_at} ${other.id}` ? -1 : 1
}

function upsert(members: Member[], member: Member): Member[] {
  return members.some(({ user_id }) => user_id === member.user_id)
    ? patch(members, member)
    : [...members, member]
}

function patch(members: Member[], values: Partial<Member> & { user_id: string }): Member[] {
  const before = members.find(({ user_id }) => user_id === values.user_id)
  if (!before || isWithin(values, before)) return members
  return members.map((member) => (member === before ? { ...member, ...values } : member))
}

const isWithin = (values: object, whole: object) =>
  Object.entries(values).every(([key, value]) => whole[key as keyof typeof whole] === value)

function without<Row, Key extends keyof Row>(rows: Row[], key: Key, value: Row[Key]): Row[] {
  return rows.some((row) => row[key] === value) ? rows.filter((row) => row[key] !== value) : rows
}
