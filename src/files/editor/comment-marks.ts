import type { EditorState, Extension } from '@codemirror/state'
import { EditorView, GutterMarker, gutter } from '@codemirror/view'

/** Lines, the first of which is 1. */
export type LineRange = { from: number; to: number }

/** A dot beside each line that a comment is about. */
export function commentMarks(lines: ReadonlySet<number>, onMark: (line: number) => void): Extension {
  if (lines.size === 0) return []
  const lineAt = (view: EditorView, position: number) => view.state.doc.lineAt(position).number
  return [
    gutter({
      class: 'cm-comments',
      lineMarker: (view, { from }) => (lines.has(lineAt(view, from)) ? dot : null),
      domEventHandlers: {
        mousedown(view, { from }) {
          const line = lineAt(view, from)
          if (lines.has(line)) onMark(line)
          return lines.has(line)
        },
      },
    }),
    look,
  ]
}

const dot = new (class extends GutterMarker {
  override toDOM() {
    const mark = document.createElement('span')
    mark.title = 'There is a comment'
    return mark
  }
})()

const look = EditorView.theme({
  '.cm-comments': { width: '14px' },
  '.cm-comments .cm-gutterElement': { cursor: 'pointer' },
  '.cm-comments span': {
    display: 'block',
    width: '8px',
    height: '8px',
    margin: '6px 3px',
    borderRadius: '4px 4px 4px 1px',
    background: 'var(--muted)',
  },
})

/** The lines of a selection; null where there is only a cursor. A line that it merely touches with its end is not meant. */
export function selectedLines(state: EditorState): LineRange | null {
  const { from, to, empty } = state.selection.main
  if (empty) return null
  const first = state.doc.lineAt(from).number
  const last = state.doc.lineAt(to)
  return { from: first, to: last.from === to && last.number > first ? last.number - 1 : last.number }
}
