/** The references: each answer by the library as its own page says, the ones that do not change kept by React. */
import { memo } from 'react'
import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { Streamdown } from 'streamdown'

const GFM = [remarkGfm]
const OfReactMarkdown = memo(({ text }: { text: string }) => (
  <ReactMarkdown remarkPlugins={GFM}>{text}</ReactMarkdown>
))
const OfStreamdown = memo(({ text }: { text: string }) => <Streamdown>{text}</Streamdown>)

export function PlainChat({ library, texts }: { library: 'react-markdown' | 'streamdown'; texts: string[] }) {
  const Answer = library === 'streamdown' ? OfStreamdown : OfReactMarkdown
  return (
    <div className="overflow-y-auto" style={{ height: 900 }}>
      {texts.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer is known by its place
        <Answer key={at} text={text} />
      ))}
    </div>
  )
}
