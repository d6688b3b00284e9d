import { useEffect, useEffectEvent, useRef } from 'react'
import { classes } from '../../ui/classes.ts'
import './colours.css'
import { type Editor, openEditor } from './open-editor.ts'

export type CodeEditorProps = {
  path: string
  text: string
  label: string
  readOnly?: boolean
  /** The view stays at the end while the text grows, unless someone scrolled away. */
  follow?: boolean
  /** Fixed for the life of the component: give it another key to compare with something else. */
  original?: string
  withChoices?: boolean
  line?: number | undefined
  onChange?(text: string): void
  onSave?(): void
  className?: string
}

/** One text in one editor; another path needs another key. Whatever is typed is told at once, and kept by others. */
export function CodeEditor({
  text,
  readOnly = false,
  follow = false,
  line,
  className,
  ...rest
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(null)
  const start = useEffectEvent((element: HTMLElement) =>
    openEditor(element, { ...rest, text, readOnly, onChange: changed, onSave: save }),
  )
  const changed = useEffectEvent((now: string) => rest.onChange?.(now))
  const save = useEffectEvent(() => rest.onSave?.())

  useEffect(() => {
    if (!host.current) return
    const element = host.current
    const opened = start(element)
    editor.current = opened
    const stopLetters = (event: KeyboardEvent) => {
      if (!event.metaKey && !event.ctrlKey) event.stopPropagation()
    }
    // Seen from outside a shadow root the target is its host, which shortcuts would not take for a field.
    element.addEventListener('keydown', stopLetters)
    return () => {
      element.removeEventListener('keydown', stopLetters)
      opened.close()
      editor.current = null
    }
  }, [])

  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly])
  useEffect(() => editor.current?.setText(text, follow), [text, follow])
  useEffect(() => {
    if (line !== undefined) editor.current?.showLine(line)
  }, [line])

  return <div ref={host} className={classes('min-w-0 overflow-hidden', className)} />
}
