import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { withoutEntities } from '../../entities.ts'
import { grownBlocks, NO_BLOCKS, wholeBlocks } from './blocks.ts'
import { InlineMarkdown } from './inline-markdown.tsx'
import { Markdown } from './markdown.tsx'
import { safeHref } from './safe-href.ts'

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} grows={false} />)

const SAMPLE = `# Title

Some **bold**, *italic* and \`code\`.

- one
- two
  - nested

1. first

2. second

| a | b |
| - | :-: |
| 1 | 2 |

> quoted

\`\`\`ts
const a = 1

const b = 2
\`\`\`

- [x] done
- [ ] to do

Last words.`

test('tables, lists, code and headings become elements', () => {
  const drawn = html(SAMPLE)
  for (const part of ['<h3', '<strong', '<em>', '<ol', '<ul', '<table', '<th scope="col"', '<blockquote'])
    expect(drawn).toContain(part)
  expect(drawn).toContain('const a = 1\n\nconst b = 2')
})

test.each([
  ['<script>alert(1)</script>'],
  ['<img src=x onerror=alert(1)>'],
  ['words <b onclick="x">in</b> between'],
  ['<div>\n\n<iframe src="http://evil.test"></iframe>'],
])('tags are shown and not obeyed: %s', (text) => {
  expect(html(text)).not.toMatch(/<(script|img|b|iframe)[ >]/)
  expect(html(text)).toContain('&lt;')
})

test.each([
  ['javascript:alert(1)', null],
  ['JaVaScRiPt:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['/relative', null],
  ['https://baton.test/a?b=c', 'https://baton.test/a?b=c'],
  ['mailto:ada@demo.test', 'mailto:ada@demo.test'],
])('the link %s is %s', (href, safe) => {
  expect(safeHref(href)).toBe(safe)
  const drawn = html(`[name](<${href}>)`)
  if (safe) expect(drawn).toContain('rel="noreferrer noopener nofollow"')
  else expect(drawn).not.toContain('href')
})

test('an image from elsewhere is a link, and is not loaded', () => {
  const drawn = html('![a cat](https://elsewhere.test/cat.png)')
  expect(drawn).not.toContain('<img')
  expect(drawn).toContain('href="https://elsewhere.test/cat.png"')
})

test('a line has code and links, and never a block', () => {
  const line = renderToStaticMarkup(
    <InlineMarkdown text={'# Mend `src/App.tsx`, see [this](https://baton.test)'} />,
  )
  expect(line).toContain('<code')
  expect(line).toContain('href="https://baton.test/"')
  expect(line).not.toContain('<h')
})

test('entities are read once', () => {
  expect(withoutEntities('a &amp;lt; b &lt; c &#8212; &#x1F600; &unknown;')).toBe(
    'a &lt; b < c — 😀 &unknown;',
  )
})

test('read bit by bit, the text has the blocks that it has as a whole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (steps) => {
      let blocks = NO_BLOCKS
      for (let at = 0, turn = 0; at < SAMPLE.length; turn += 1) {
        at += steps[turn % steps.length] ?? 1
        blocks = grownBlocks(blocks, SAMPLE.slice(0, at))
        expect([...blocks.tokens]).toEqual([...wholeBlocks(SAMPLE.slice(0, at)).tokens])
      }
    }),
    { numRuns: 60 },
  )
})

test('a block that is done is not read again', () => {
  const before = wholeBlocks('# One\n\nTwo\n\nThree\n\nFour')
  const after = grownBlocks(before, `${before.text} and more`)
  expect(after.tokens[0]).toBe(before.tokens[0])
  expect(after.tokens[2]).toBe(before.tokens[2])
})
