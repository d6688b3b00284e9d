import type { ReactNode } from 'react'

/**
 * The Markdown of everyday notes: headings, lists, check boxes, quotes, code, bold, italic and links. It becomes React
 * elements and never HTML text, so a note cannot smuggle a script into the page.
 */
export function Markdown({ text }: { text: string }) {
  const blocks = text
    .split(/(```[\s\S]*?(?:```|$))|\n{2,}/)
    .map((block, index) => ({ block: block?.trim() ?? '', key: `${index}` }))
  return (
    <>
      {blocks
        .filter(({ block }) => block)
        .map(({ block, key }) => (
          <Block key={key} text={block} />
        ))}
    </>
  )
}

const HEADINGS = ['text-2xl font-semibold', 'text-xl font-semibold', 'text-lg font-semibold']

function Block({ text }: { text: string }) {
  const [, hashes = '', title = ''] = /^(#{1,3}) (.+)/.exec(text) ?? []
  if (hashes) {
    const Heading = `h${hashes.length + 1}` as 'h2' | 'h3' | 'h4'
    const rest = text.slice(hashes.length + 1 + title.length).trim()
    return (
      <>
        <Heading className={`mt-5 mb-2 ${HEADINGS[hashes.length - 1]}`}>{inline(title)}</Heading>
        {rest && <Block text={rest} />}
      </>
    )
  }
  if (text.startsWith('```')) {
    const code = text.replace(/^```.*\n?|\n?```$/g, '')
    return <pre className="my-3 overflow-x-auto rounded-lg bg-ink/5 p-3 font-mono text-sm">{code}</pre>
  }
  if (text.startsWith('> ')) {
    return (
      <blockquote className="my-3 border-l-2 border-accent pl-4 text-muted">
        {inline(text.replace(/^> ?/gm, ''))}
      </blockquote>
    )
  }
  if (/^[-*] /.test(text)) return <List items={text.split(/\n(?=[-*] )/)} />
  return <p className="my-3 leading-relaxed whitespace-pre-line">{inline(text)}</p>
}

function List({ items }: { items: string[] }) {
  return (
    <ul className="my-3 list-disc space-y-1 pl-5 marker:text-muted">
      {items.map((item) => {
        const [, box, words = ''] = /^[-*] (?:\[([ x])\] )?([\s\S]*)/.exec(item) ?? []
        if (box === undefined) return <li key={item}>{inline(words)}</li>
        return (
          <li key={item} className="-ml-5 flex list-none items-baseline gap-2">
            <input
              type="checkbox"
              checked={box === 'x'}
              readOnly
              tabIndex={-1}
              aria-label={box === 'x' ? 'done' : 'open'}
              className="accent-accent"
            />
            <span className={box === 'x' ? 'text-muted line-through' : ''}>{inline(words)}</span>
          </li>
        )
      })}
    </ul>
  )
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:[^)\s]+)\)/g

function inline(text: string): ReactNode[] {
  const nodes: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, bold, italic, label, href] = match
    nodes.push(text.slice(end, match.index))
    const key = match.index
    if (code)
      nodes.push(
        <code key={key} className="rounded bg-ink/8 px-1 font-mono text-[0.9em]">
          {code}
        </code>,
      )
    if (bold) nodes.push(<strong key={key}>{bold}</strong>)
    if (italic) nodes.push(<em key={key}>{italic}</em>)
    if (href)
      nodes.push(
        <a key={key} href={href} target="_blank" rel="noreferrer" className="text-accent underline">
          {label}
        </a>,
      )
    end = match.index + whole.length
  }
  return [...nodes, text.slice(end)]
}
