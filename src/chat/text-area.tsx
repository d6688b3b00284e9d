import { type ComponentProps, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { classes } from '../ui/classes.ts'

type TextAreaProps = Omit<ComponentProps<'textarea'>, 'aria-label'> & {
  label: string
  onSend?(): void
  onEscape?(): void
}

const MOST_PIXELS = 320

/** Grows with what is written. Enter sends, or submits its form; Shift and Enter begin a new line. */
export function TextArea({
  label,
  className,
  onSend,
  onEscape,
  autoFocus,
  onKeyDown,
  ...rest
}: TextAreaProps) {
  const ref = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => grow(ref.current))
  useEffect(() => {
    if (autoFocus) ref.current?.focus()
  }, [autoFocus])
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    onKeyDown?.(event)
    if (event.defaultPrevented || event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      if (onSend) onSend()
      else event.currentTarget.form?.requestSubmit()
    }
    if (event.key === 'Escape' && onEscape) {
      event.preventDefault()
      onEscape()
    }
  }
  return (
    <textarea
      ref={ref}
      rows={1}
      aria-label={label}
      {...rest}
      onInput={() => grow(ref.current)}
      onKeyDown={press}
      className={classes(
        'w-full resize-none rounded-md border border-line-strong bg-surface px-3 py-2 text-base leading-relaxed placeholder:text-faint',
        className,
      )}
    />
  )
}

function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return
  area.style.height = 'auto'
  area.style.height = `${Math.min(area.scrollHeight + 2, MOST_PIXELS)}px`
}
