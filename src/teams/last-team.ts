const KEY = 'baton.last-team'

export const rememberTeam = (teamId: string) => localStorage.setItem(KEY, teamId)

/** The team that was open last, if it is still one of these; otherwise the first. */
export function teamToOpen(teamIds: readonly string[]): string | undefined {
  const last = localStorage.getItem(KEY)
  return teamIds.find((id) => id === last) ?? teamIds[0]
}
