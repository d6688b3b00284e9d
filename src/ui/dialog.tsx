import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useId, useRef } from 'react'
import { classes } from './classes.ts'
import { focusFirst } from './focus-first.ts'
import { IconButton } from './icon-button.tsx'

type DialogProps = {
  title: string
  onClose(): void
  children: ReactNode
  className?: string
}

/** Drawn means open. The browser's own dialog traps the focus, gives it back, and makes the rest inert. */
export function Dialog({ title, onClose, children, className }: DialogProps) {
  const titleId = useId()
  const ref = useModal(onClose)
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      className={classes(
        'appear m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-md overflow-auto rounded-lg bg-raised text-text shadow-float',
        className,
      )}
    >
      <div className="flex flex-col gap-4 p-5">
        <div className="flex items-start justify-between gap-4">
          <h2 id={titleId} className="text-lg font-semibold">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose} className="-mt-1 -mr-2">
            <X className="size-4" aria-hidden />
          </IconButton>
        </div>
        {children}
      </div>
    </dialog>
  )
}

/** Open while it is drawn. Esc and a click beside it close it. */
export function useModal(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null)
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const listening = new AbortController()
    const { signal } = listening
    // The event comes late: by then the dialog may be open again.
    dialog.addEventListener('close', () => !dialog.open && close(), { signal })
    dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close(), { signal })
    dialog.showModal()
    focusFirst(dialog)
    return () => {
      listening.abort()
      dialog.close()
    }
  }, [])
  return ref
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 pt-1">{children}</div>
}
