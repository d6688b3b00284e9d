/** The token stands behind the `#`, which browsers send to no server, so that it is in no log. */
export const invitationLink = (origin: string, token: string) => `${origin}/invite#${token}`

const KEY = 'baton.invitation'

/** Called before the router starts. The token is kept for this tab while its holder signs in or up. */
export function takeInvitationFromAddress(): void {
  const token = location.hash.slice(1)
  if (location.pathname !== '/invite' || !token) return
  sessionStorage.setItem(KEY, token)
  history.replaceState(null, '', '/invite')
}

export const heldInvitation = () => sessionStorage.getItem(KEY)
export const forgetInvitation = () => sessionStorage.removeItem(KEY)
