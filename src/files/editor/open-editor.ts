/**
 * CodeMirror behind a few verbs. It lives in a shadow root, where its styles are constructed sheets: in the document
 * itself they would be a style element, which the content security policy refuses. Our colours come in as custom
 * properties, which shadow roots inherit.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, codeFolding, foldKeymap, indentOnInput } from '@codemirror/language'
import { unifiedMergeView } from '@codemirror/merge'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Extension, Transaction } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { commentMarks, type LineRange, selectedLines } from './comment-marks.ts'
import { languageOf } from './languages.ts'
import { smallestChange } from './smallest-change.ts'
import { codeTheme } from './theme.ts'

export type EditorOptions = {
  text: string
  path: string
  label: string
  readOnly: boolean
  /** What the text is compared with, in place. */
  original?: string | undefined
  /** Offers to keep or to take back each change. */
  withChoices?: boolean | undefined
  onChange(text: string): void
  onSave(): void
  onSelect(lines: LineRange | null): void
  /** Somebody pressed the mark of a line. */
  onMark(line: number): void
}

export type Editor = ReturnType<typeof openEditor>

/** Marks what did not come from this keyboard. */
const fromOutside = Annotation.define<boolean>()

/** Two hands' breadth from the end still counts as being there. */
const NEAR_END = 48

export function openEditor(host: HTMLElement, options: EditorOptions) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const language = new Compartment()
  const editing = new Compartment()
  const marks = new Compartment()
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      editing.of(editability(options.readOnly)),
      language.of([]),
      marks.of([]),
      basics(options),
      options.original === undefined ? [] : comparison(options.original, options.withChoices ?? false),
    ],
  })
  const view = new EditorView({ state, root, parent: root })
  let isOpen = true
  void languageOf(options.path, options.text.length).then((extension) => {
    if (isOpen) view.dispatch({ effects: language.reconfigure(extension) })
  })

  return {
    setText(text: string, follow: boolean) {
      const change = smallestChange(view.state.doc.toString(), text)
      if (!change) return
      const { scrollHeight, scrollTop, clientHeight } = view.scrollDOM
      const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END
      view.dispatch({
        changes: change,
        annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
        effects:
          follow && isAtEnd
            ? EditorView.scrollIntoView(text.lastIndexOf('\n') + 1, { y: 'end', yMargin: 8 })
            : [],
      })
    },
    setReadOnly(readOnly: boolean) {
      view.dispatch({ effects: editing.reconfigure(editability(readOnly)) })
    },
    setMarks(lines: ReadonlySet<number>) {
      view.dispatch({ effects: marks.reconfigure(commentMarks(lines, options.onMark)) })
    },
    showLine(line: number) {
      const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines))
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      })
    },
    focus: () => view.focus(),
    close() {
      isOpen = false
      view.destroy()
    },
  }
}

/** Always reached by the keyboard: what may not be changed too, to be read and scrolled. */
const editability = (readOnly: boolean): Extension => [
  EditorState.readOnly.of(readOnly),
  EditorView.editable.of(!readOnly),
  EditorView.contentAttributes.of({ tabindex: '0', ...(readOnly ? { 'aria-readonly': 'true' } : {}) }),
]

function basics({ label, onChange, onSave, onSelect }: EditorOptions): Extension {
  const save = () => {
    onSave()
    return true
  }
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    codeFolding(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
    keymap.of([
      { key: 'Mod-s', run: save, preventDefault: true },
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      const isOwn = update.transactions.some((one) => one.docChanged && !one.annotation(fromOutside))
      if (update.docChanged && isOwn) onChange(update.state.doc.toString())
      if (update.selectionSet || update.docChanged) onSelect(selectedLines(update.state))
    }),
    codeTheme,
  ]
}

function comparison(original: string, withChoices: boolean): Extension {
  return unifiedMergeView({
    original,
    gutter: true,
    // All of a new file is new: marking each word of it would say nothing.
    highlightChanges: original !== '',
    collapseUnchanged: { margin: 3, minSize: 6 },
    mergeControls: withChoices ? choice : false,
  })
}

function choice(kind: 'accept' | 'reject', act: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = kind === 'accept' ? 'Keep mine' : 'Take theirs'
  button.addEventListener('click', act)
  return button
}
