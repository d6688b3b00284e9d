/**
 * The chat or the workbench, where there is no room for both: in the address, so that a link and a reload keep it, and
 * "back" leads from the workbench to the chat.
 */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { onPaneAsked, type PaneName } from './pane.ts'
import { useIsNarrow } from './use-is-narrow.ts'

export function usePane(): [PaneName, (pane: PaneName) => void] {
  const shown = useSearch({
    from: '/app/workspace/p/$projectId',
    select: ({ pane }): PaneName => pane ?? 'chat',
  })
  const navigate = useNavigate()
  const isNarrow = useIsNarrow()
  const show = (pane: PaneName) => {
    if (pane === shown || !isNarrow) return
    const asked = pane === 'workbench' ? pane : undefined
    void navigate({ to: '.', search: (before: object) => ({ ...before, pane: asked }) })
  }
  const onAsked = useEffectEvent(show)
  useEffect(() => onPaneAsked((pane) => onAsked(pane)), [])
  return [shown, show]
}
