/** A very long answer that is worth reading: the code of the apps that can be rehearsed, file by file. */
import type { Script } from '../../script/script.ts'
import { type ComputedRequest, say } from '../computed.ts'

const LENGTH = 46_000

export const tour: ComputedRequest = {
  slug: 'tour',
  example: 'Rehearse a long answer',
  when: /\b(?:rehearse a (?:very )?long answer|tour of the code|explain all the code)\b/i,
  needs: [],
  answers: ({ scripts }) => [{ parts: [say(tourOf(scripts.filter(({ app }) => app !== null)))] }],
}

function tourOf(apps: Script[]): string {
  let text = introduction(apps)
  for (const app of apps) {
    if (text.length > LENGTH) break
    text += chapter(app)
  }
  return `${text}\n## The end\n\nThat was the tour. Every one of these apps can be built here: ask for it in your own words.\n`
}

function introduction(apps: Script[]): string {
  const rows = apps.map((app) => {
    const files = filesOf(app)
    const lines = files.reduce((sum, { content }) => sum + content.split('\n').length - 1, 0)
    return `| ${app.app} | “${app.requests[0]!.example}” | ${files.length} | ${lines} |`
  })
  return [
    '# A tour of the code',
    '',
    'These are the apps that I can rehearse, and how they are made. They share a few habits:',
    '',
    '1. **State lives in one place**, and is kept in the browser by a small hook.',
    '2. **Colours are tokens** in `src/index.css`, each with a light and a dark value.',
    '3. **Controls are real controls**: buttons, labels, lists, so that a keyboard and a screen reader find them.',
    '',
    '| app | ask for it | files | lines |',
    '| --- | --- | ---: | ---: |',
    ...rows,
    '',
    '> The code below is what the app consists of after its first turn.',
    '',
  ].join('\n')
}

function chapter(app: Script): string {
  const files = filesOf(app)
  const list = files.map(({ path, content }) => `- \`${path}\`, ${content.split('\n').length - 1} lines`)
  const code = files.map(({ path, content }) => {
    const language = path.split('.').at(-1)
    return `\n### \`${path}\`\n\n\`\`\`${language}\n${content}\`\`\`\n`
  })
  const last = app.requests[0]!.answers.at(-1)!.parts.find(({ kind }) => kind === 'say')
  const about = last?.kind === 'say' ? `\n${last.text}\n` : ''
  return `\n## ${app.app}\n${about}\n${list.join('\n')}\n${code.join('')}`
}

function filesOf(app: Script): { path: string; content: string }[] {
  return app.requests[0]!.answers.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.kind === 'call' && part.name === 'write_file'
        ? [{ path: String(part.input.path), content: String(part.input.content) }]
        : [],
    ),
  )
}
