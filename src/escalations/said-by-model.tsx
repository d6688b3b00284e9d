import { lazy, Suspense } from 'react'

const InlineMarkdown = lazy(() =>
  import('../chat/markdown/inline-markdown.tsx').then(({ InlineMarkdown }) => ({ default: InlineMarkdown })),
)
const Markdown = lazy(() =>
  import('../chat/markdown/markdown.tsx').then(({ Markdown }) => ({ default: Markdown })),
)

/** What the model says, drawn as in a chat; as it was typed until that part of Baton has come. */
export const LineByModel = ({ text }: { text: string }) => (
  <Suspense fallback={text}>
    <InlineMarkdown text={text} />
  </Suspense>
)

export const TextByModel = ({ text, grows }: { text: string; grows: boolean }) => (
  <Suspense fallback={<p className="text-base leading-relaxed wrap-anywhere">{text}</p>}>
    <Markdown text={text} grows={grows} />
  </Suspense>
)
