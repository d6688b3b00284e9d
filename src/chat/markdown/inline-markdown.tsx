import { Lexer } from 'marked'
import { useMemo } from 'react'
import { Inline } from './inline.tsx'

/** A line of text as the model writes it: code, emphasis and links, and no blocks. */
export function InlineMarkdown({ text }: { text: string }) {
  const tokens = useMemo(() => Lexer.lexInline(text), [text])
  return <Inline tokens={tokens} />
}
