import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Theme } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { useUser, useUserId } from '../session/user.ts'
import type { UserState } from '../session/user-events.ts'
import { userFeed } from '../session/user-feed.ts'
import { showToast } from '../ui/toasts.ts'
import { showTheme } from './theme.ts'

const KEY = ['profile', 'theme']

/** The theme follows the person: chosen in one browser, it changes in all of theirs. */
export function useSavedTheme(): void {
  const theme = useTheme()
  useEffect(() => showTheme(theme), [theme])
}

/** The saved theme, or the one that was just chosen and is being saved. */
export function useTheme(): Theme {
  const saved = useUser().profile.theme
  const chosen = useMutationState({
    filters: { mutationKey: KEY, status: 'pending' },
    select: (mutation) => mutation.state.variables as Theme,
  })
  return chosen.at(-1) ?? saved
}

export function useChooseTheme(): (theme: Theme) => void {
  const queryClient = useQueryClient()
  const { queryKey } = userFeed(useUserId())
  const { mutate } = useMutation({
    mutationKey: KEY,
    networkMode: 'always',
    mutationFn: async (theme: Theme) => {
      await rpc('update_profile', { theme })
      await confirmed(queryClient, queryKey, ({ profile }: UserState) => profile.theme === theme)
    },
    onError: (cause) =>
      showToast({ tone: 'bad', title: 'The theme was not saved.', body: sentenceOf(toBatonError(cause)) }),
  })
  return mutate
}
