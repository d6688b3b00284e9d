import { useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Member, TeamSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { snapshotQuery } from '../feed/index.ts'
import { useUserId } from '../session/user.ts'
import { showToast } from '../ui/toasts.ts'
import { applyTeamChange, type TeamChange } from './team-changes.ts'
import { teamFeed } from './team-feed.ts'

export const useTeamId = (): string => useParams({ from: '/app/workspace/t/$teamId' }).teamId

/** What the log says, with what was just clicked on top until the log says it too. */
export function useTeamIfLoaded(teamId: string): TeamSnapshot | undefined {
  const { data } = useQuery(snapshotQuery(teamFeed(teamId, useUserId())))
  const clicked = useMutationState({
    filters: { mutationKey: changesOf(teamId), status: 'pending' },
    select: (mutation) => (mutation.state.variables as TeamAction).change,
  })
  return data && clicked.reduce(applyTeamChange, data)
}

export function useTeam(): TeamSnapshot {
  const team = useTeamIfLoaded(useTeamId())
  if (!team) throw new Error('A page of a team was drawn before the team was loaded.')
  return team
}

/** The reader as a member. Undefined for the moment between being removed and the page closing. */
export function useSelf(): Member | undefined {
  const userId = useUserId()
  return useTeam().members.find((member) => member.user_id === userId)
}

const changesOf = (teamId: string) => ['team', teamId, 'change']

export type TeamAction = {
  /** What the click does to the page at once. */
  change: TeamChange
  send(): Promise<unknown>
  /** "Bob could not be removed." */
  failure: string
}

/** Acts before the server has answered, and takes it back, with the reason, when it refuses. */
export function useTeamAction(): (action: TeamAction) => void {
  const teamId = useTeamId()
  const userId = useUserId()
  const queryClient = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: changesOf(teamId),
    networkMode: 'always',
    mutationFn: async ({ change, send }: TeamAction) => {
      await send()
      const isSaidIn = (team: TeamSnapshot) => applyTeamChange(team, change) === team
      await confirmed(queryClient, teamFeed(teamId, userId).queryKey, isSaidIn)
    },
    onError: (cause, { failure }) =>
      showToast({ tone: 'bad', title: failure, body: sentenceOf(toBatonError(cause)) }),
  })
  return mutate
}
