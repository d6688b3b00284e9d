import { type ComponentProps, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { classes } from '../ui/classes.ts'

type TextAreaProps = Omit<ComponentProps<'textarea'>, 'aria-label'> & {
  label: string
  onSend?(): void
  onEscape?(): void
}

/** What browsers that cannot do it themselves are helped with. */
const growsByItself = CSS.supports('field-sizing', 'content')

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
  useLayoutEffect(() => {
    if (!growsByItself) grow(ref.current)
  })
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
      onInput={() => growsByItself || grow(ref.current)}
      onKeyDown={press}
      className={classes(
        'field-sizing-content max-h-80 w-full resize-none rounded-md border border-line-strong bg-surface px-3 py-2 text-base leading-relaxed placeholder:text-faint',
        className,
      )}
    />
  )
}

/** What is around it keeps its height meanwhile: a conversation that was taller for a moment would be scrolled. */
function grow(area: HTMLTextAreaElement | null): void {
  const around = area?.parentElement
  if (!area || !around) return
  around.style.minHeight = `${around.offsetHeight}px`
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight + 2}px`
  around.style.minHeight = ''
}
