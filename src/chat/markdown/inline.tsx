import { Image } from 'lucide-react'
import type { Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { withoutEntities } from '../../entities.ts'
import { textLink } from '../../ui/text-link.ts'
import { safeHref } from './safe-href.ts'

export function Inline({ tokens }: { tokens: Token[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a piece is known by its place
  return tokens.map((token, index) => <Piece key={index} token={token as InlineToken} />)
}

type InlineToken =
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image

function Piece({ token }: { token: InlineToken }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : withoutEntities(token.text)
    case 'escape':
      return token.text
    case 'strong':
      return (
        <strong className="font-semibold">
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'codespan':
      return <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-xs">{token.text}</code>
    case 'br':
      return <br />
    case 'link':
      return (
        <SafeLink href={token.href}>
          <Inline tokens={token.tokens} />
        </SafeLink>
      )
    case 'image':
      return <ImageLink token={token} />
    default:
      return (token as Token).raw
  }
}

/** Opens elsewhere, and tells the other page nothing about this one. */
function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const safe = safeHref(href)
  if (!safe) return <span title={href}>{children}</span>
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener nofollow" className={textLink}>
      {children}
    </a>
  )
}

/** A picture from elsewhere is not loaded: asking for it would tell its server who reads this. */
function ImageLink({ token }: { token: Tokens.Image }) {
  const name = token.text || 'Image'
  return (
    <SafeLink href={token.href}>
      <Image className="mr-1 inline size-4 align-[-3px]" aria-hidden />
      {name}
    </SafeLink>
  )
}
