import type { Token, Tokens } from 'marked'
import { memo, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { type Blocks, grownBlocks, NO_BLOCKS, wholeBlocks } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { Inline } from './inline.tsx'

/** Text as the model writes it. It becomes elements, never HTML: tags in it are shown as they were typed. */
export function Markdown({ text, grows }: { text: string; grows: boolean }) {
  const { tokens } = useBlocks(text, grows)
  return (
    <div className="flex min-w-0 flex-col gap-3 text-base leading-relaxed wrap-anywhere">
      {tokens.map((token, index) =>
        token.type === 'space' || token.type === 'def' ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place
          <Block key={index} token={token} />
        ),
      )}
    </div>
  )
}

/** Kept between renders, so that a render costs what was added and not what is there. */
function useBlocks(text: string, grows: boolean): Blocks {
  const [known, setKnown] = useState(NO_BLOCKS)
  const [isWhole, setWhole] = useState(false)
  if (text === known.text && isWhole === !grows) return known
  const next = grows ? grownBlocks(known, text) : wholeBlocks(text)
  setKnown(next)
  setWhole(!grows)
  return next
}

const Block = memo(
  ({ token }: { token: Token }) => <BlockOf token={token as BlockToken} />,
  (one, other) =>
    one.token === other.token || (one.token.type === other.token.type && one.token.raw === other.token.raw),
)

type BlockToken =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.Code
  | Tokens.List
  | Tokens.Blockquote
  | Tokens.Table
  | Tokens.Hr
  | Tokens.HTML

function BlockOf({ token }: { token: BlockToken }) {
  switch (token.type) {
    case 'heading':
      return <Heading token={token} />
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      )
    case 'text':
      return <Inline tokens={token.tokens ?? [token]} />
    case 'code':
      return <CodeBlock code={token.text} language={token.lang ?? ''} />
    case 'list':
      return <List token={token} />
    case 'blockquote':
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-muted">
          <BlockList tokens={token.tokens} />
        </blockquote>
      )
    case 'table':
      return <Table token={token} />
    case 'hr':
      return <hr className="border-line" />
    default:
      return <p className="whitespace-pre-wrap">{token.raw.trimEnd()}</p>
  }
}

function BlockList({ tokens }: { tokens: Token[] }) {
  return tokens.map((token, index) =>
    token.type === 'space' || token.type === 'checkbox' ? null : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place
      <BlockOf key={index} token={token as BlockToken} />
    ),
  )
}

/** The page and the chat have their own headings, so those of an answer come below. */
function Heading({ token }: { token: Tokens.Heading }) {
  const Level = `h${Math.min(6, token.depth + 2)}` as 'h3' | 'h4' | 'h5' | 'h6'
  return (
    <Level className={classes('pt-1 font-semibold', token.depth <= 2 ? 'text-lg' : 'text-base')}>
      <Inline tokens={token.tokens} />
    </Level>
  )
}

function List({ token }: { token: Tokens.List }) {
  const List = token.ordered ? 'ol' : 'ul'
  return (
    <List
      {...(token.ordered && token.start !== '' ? { start: Number(token.start) } : {})}
      className={classes('flex flex-col gap-1 pl-5', token.ordered ? 'list-decimal' : 'list-disc')}
    >
      {token.items.map((item, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is known by its place
          key={index}
          className={classes('pl-1 marker:text-faint', item.task && '-ml-5 list-none')}
        >
          {item.task && (
            <input
              type="checkbox"
              checked={item.checked ?? false}
              readOnly
              disabled
              aria-label={item.checked ? 'done' : 'to do'}
              className="mr-2 align-[-2px]"
            />
          )}
          <BlockList tokens={item.tokens} />
        </li>
      ))}
    </List>
  )
}

const ALIGN = { left: 'text-left', right: 'text-right', center: 'text-center' }

function Table({ token }: { token: Tokens.Table }) {
  const align = (cell: Tokens.TableCell) => ALIGN[cell.align ?? 'left']
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table that scrolls is no part of a form
    <div
      role="group"
      aria-label="Table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard too
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse text-sm">
        <thead className="bg-sunken">
          <tr>
            {token.header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
              <th key={index} scope="col" className={classes('px-3 py-1.5 font-medium', align(cell))}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place
            <tr key={index} className="border-t border-line">
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
                <td key={column} className={classes('px-3 py-1.5 align-top', align(cell))}>
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
