import { CircleAlert, X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useSyncExternalStore } from 'react'
import { buttonClass } from './button.tsx'
import { dismissToast, type Toast, toasts } from './toasts.ts'

/** Announced to screen readers; stays while hovered or focused; F8 goes to it; a swipe or Esc closes it. */
export function Toaster() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.current)
  return (
    <Radix.Provider swipeDirection="right">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2" />
    </Radix.Provider>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const isBad = toast.tone === 'bad'
  return (
    <Radix.Root
      type={isBad ? 'foreground' : 'background'}
      duration={isBad || toast.action ? 10_000 : 5_000}
      onOpenChange={(open) => !open && dismissToast(toast.id)}
      className="appear flex items-start gap-2.5 rounded-lg bg-raised py-2.5 pr-1.5 pl-3 shadow-float"
    >
      {isBad && <CircleAlert className="mt-1.5 size-4 shrink-0 text-bad-text" aria-hidden />}
      <div className="min-w-0 flex-1 py-1 wrap-anywhere">
        <Radix.Title className="font-medium">{toast.title}</Radix.Title>
        {toast.body && <Radix.Description className="text-muted">{toast.body}</Radix.Description>}
      </div>
      {toast.action && (
        <Radix.Action
          altText={toast.action.label}
          className={buttonClass('secondary')}
          onClick={toast.action.act}
        >
          {toast.action.label}
        </Radix.Action>
      )}
      <Radix.Close
        aria-label="Dismiss"
        className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover"
      >
        <X className="size-4" aria-hidden />
      </Radix.Close>
    </Radix.Root>
  )
}
