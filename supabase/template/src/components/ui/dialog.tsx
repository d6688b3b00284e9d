import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'

type DialogProps = {
  title: string
  description?: string
  /** The button that opens it; left out when `open` says so. */
  trigger?: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactNode
}

export function Dialog({ title, description, trigger, children, ...state }: DialogProps) {
  return (
    <Primitive.Root {...state}>
      {trigger ? <Primitive.Trigger asChild>{trigger}</Primitive.Trigger> : null}
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 bg-black/50" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className="fixed top-1/2 left-1/2 max-h-[85dvh] w-[calc(100%-2rem)] max-w-md -translate-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-6 text-ink shadow-xl"
        >
          <Primitive.Title className="pr-8 text-lg font-semibold tracking-tight">{title}</Primitive.Title>
          {description ? (
            <Primitive.Description className="mt-1 text-sm text-muted">{description}</Primitive.Description>
          ) : null}
          <div className="mt-4">{children}</div>
          <Primitive.Close
            aria-label="Close"
            className="absolute top-4 right-4 grid size-8 place-items-center rounded-md text-muted hover:text-ink"
          >
            <X className="size-4" aria-hidden="true" />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
