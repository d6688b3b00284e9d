import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const surfaces = EditorView.theme({
  '&': { height: '100%', color: 'var(--foreground)', backgroundColor: 'var(--surface)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontVariantLigatures: 'none',
    lineHeight: '20px',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--foreground)' },
  '.cm-content:focus-visible': { outline: 'none' },
  '&.cm-focused .cm-scroller': { boxShadow: 'inset 2px 0 0 var(--focus)' },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--foreground)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px', minWidth: '40px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--foreground)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--code-selection)',
  },
  '.cm-content ::selection': { backgroundColor: 'var(--code-selection)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--hover)',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--hover)' },
  '.cm-searchMatch': { backgroundColor: 'var(--code-match)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--code-match)', outline: '2px solid var(--focus)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sunken)',
    border: '1px solid var(--line)',
    color: 'var(--muted)',
  },
})

const panels = EditorView.theme({
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--foreground)', fontFamily: 'inherit' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-search': { fontSize: '12px', padding: '6px 8px' },
  '.cm-search label': { fontSize: '12px', color: 'var(--muted)' },
  '.cm-textfield': {
    backgroundColor: 'var(--surface)',
    color: 'var(--foreground)',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    fontSize: '12px',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    color: 'var(--foreground)',
    border: '1px solid var(--line)',
    borderRadius: '4px',
    fontSize: '12px',
  },
  '.cm-panel button:focus-visible, .cm-panel input:focus-visible': { outline: '2px solid var(--focus)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--muted)', fontSize: '16px', padding: '0 6px' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', border: '1px solid var(--line)', borderRadius: '6px' },
})

const differences = EditorView.theme({
  '&.cm-merge-b .cm-changedLine, &.cm-merge-b .cm-inlineChangedLine': {
    backgroundColor: 'var(--code-added)',
  },
  '&.cm-merge-b .cm-changedText': { background: 'var(--code-added-strong)', borderRadius: '2px' },
  '.cm-deletedChunk': { backgroundColor: 'var(--code-removed)', padding: '0 12px 0 8px' },
  '.cm-deletedChunk .cm-deletedLine, .cm-deletedLine': { textDecoration: 'none' },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'var(--code-removed-strong)',
    borderRadius: '2px',
    textDecoration: 'none',
  },
  '.cm-deletedChunk del, .cm-deletedChunk ins': { textDecoration: 'none' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--code-added-strong)' },
  '.cm-deletedLineGutter': { background: 'var(--code-removed-strong)' },
  '.cm-collapsedLines': {
    background: 'var(--sunken)',
    color: 'var(--muted)',
    fontSize: '12px',
    padding: '3px 12px',
    cursor: 'pointer',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"…"' },
  '.cm-deletedChunk .cm-chunkButtons': {
    position: 'static',
    display: 'flex',
    gap: '6px',
    justifyContent: 'flex-end',
    padding: '3px 0',
  },
  '.cm-deletedChunk .cm-chunkButtons button': {
    font: '500 12px/20px "Inter Variable", system-ui, sans-serif',
    color: 'var(--foreground)',
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '4px',
    padding: '0 8px',
    margin: '0',
    cursor: 'pointer',
  },
  '.cm-deletedChunk .cm-chunkButtons button:focus-visible': { outline: '2px solid var(--focus)' },
})

const syntax = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--code-keyword)' },
  {
    tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue],
    color: 'var(--code-string)',
  },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: 'var(--code-number)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-name)' },
  { tag: [tags.definition(tags.variableName), tags.propertyName, tags.link], color: 'var(--code-name)' },
  { tag: [tags.typeName, tags.className, tags.namespace], color: 'var(--code-type)' },
  { tag: [tags.tagName, tags.self], color: 'var(--code-tag)' },
  { tag: tags.attributeName, color: 'var(--code-attribute)' },
  { tag: [tags.meta, tags.processingInstruction], color: 'var(--muted)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.heading, color: 'var(--foreground)', fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.url, tags.monospace], color: 'var(--code-string)' },
  { tag: tags.invalid, color: 'var(--bad-text)' },
])

export const codeTheme = [surfaces, panels, differences, syntaxHighlighting(syntax)]
