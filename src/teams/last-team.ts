const KEY = 'baton.last-team'

export const rememberTeam = (teamId: string) => localStorage.setItem(KEY, teamId)

export const lastTeam = () => localStorage.getItem(KEY)

/** The team that was open last, if it is still one of these; otherwise the first. */
export function teamToOpen(teamIds: readonly string[]): string | undefined {
  const last = lastTeam()
  return teamIds.find((id) => id === last) ?? teamIds[0]
}
