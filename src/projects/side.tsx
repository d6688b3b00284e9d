import { PanelRightOpen } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

const KEY = 'baton.workbench-hidden'

/** Whether the workbench was put away, to read the chat alone. */
export function useSide(): { isHidden: boolean; toggle(): void } {
  const [isHidden, setIsHidden] = useState(() => localStorage.getItem(KEY) === 'true')
  return {
    isHidden,
    toggle() {
      localStorage.setItem(KEY, String(!isHidden))
      setIsHidden(!isHidden)
    },
  }
}

/** What is left of it at the edge. */
export function ShowWorkbench({ onShow }: { onShow(): void }) {
  return (
    <div className="flex w-10 justify-center border-l border-line pt-1 max-xl:hidden">
      <Tooltip label="Show the workbench" side="left">
        <IconButton label="Show the workbench" onClick={onShow}>
          <PanelRightOpen className="size-4" aria-hidden />
        </IconButton>
      </Tooltip>
    </div>
  )
}
