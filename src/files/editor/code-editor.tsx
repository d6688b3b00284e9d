import { useEffect, useEffectEvent, useRef } from 'react'
import { classes } from '../../ui/classes.ts'
import './colours.css'
import type { LineRange } from './comment-marks.ts'
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
  /** Lines that have a mark beside them; the same array until they change. */
  marks?: readonly number[]
  onChange?(text: string): void
  onSave?(): void
  onSelect?(lines: LineRange | null): void
  onMark?(line: number): void
  className?: string
}

const NO_MARKS: readonly number[] = []

/** One text in one editor; another path needs another key. Whatever is typed is told at once, and kept by others. */
export function CodeEditor({
  text,
  readOnly = false,
  follow = false,
  line,
  marks = NO_MARKS,
  className,
  ...rest
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(null)
  const start = useEffectEvent((element: HTMLElement) =>
    openEditor(element, {
      ...rest,
      text,
      readOnly,
      onChange: changed,
      onSave: save,
      onSelect: select,
      onMark: press,
    }),
  )
  const changed = useEffectEvent((now: string) => rest.onChange?.(now))
  const save = useEffectEvent(() => rest.onSave?.())
  const select = useEffectEvent((lines: LineRange | null) => rest.onSelect?.(lines))
  const press = useEffectEvent((at: number) => rest.onMark?.(at))

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
  useEffect(() => editor.current?.setMarks(new Set(marks)), [marks])
  useEffect(() => {
    if (line !== undefined) editor.current?.showLine(line)
  }, [line])

  return <div ref={host} className={classes('min-w-0 overflow-hidden', className)} />
}
