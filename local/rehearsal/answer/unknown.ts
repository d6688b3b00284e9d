import type { Script } from '../script/script.ts'
import type { Context } from './computed.ts'
import { GENERAL } from './general/general.ts'

const ASKED = /\bwhat (?:can|do|could) you\b|\bhelp\b/i

/** The honest answer to what no script knows, and to who asks for it. */
export function whatCanBeRehearsed(
  wish: string,
  { scripts, current }: Pick<Context, 'scripts' | 'current'>,
): string {
  const apps = scripts.filter(({ app }) => app !== null)
  return [
    ASKED.test(wish)
      ? 'I am the rehearsal model: I answer from scripts, and play these as a real model would.'
      : 'I am the rehearsal model and I know no answer to that; a real model would. What I can rehearse:',
    ...(current ? [`**Changes to this app**\n${list(examplesOf(current, 'change'))}`] : []),
    `**Apps**, each built over several turns\n${list(apps.flatMap((script) => examplesOf(script, 'build')))}`,
    `**Changes to any app**\n${list(GENERAL.filter(({ slug }) => slug !== 'tour').map(({ example }) => example))}`,
    `**How a run may go**\n${list([...scripts.flatMap((script) => examplesOf(script, 'other')), 'Rehearse a long answer'])}`,
    'To work with Claude instead, set `ANTHROPIC_API_KEY` and start Baton again.',
  ].join('\n\n')
}

const examplesOf = ({ requests }: Script, kind: string) =>
  requests.filter((request) => request.kind === kind).map(({ example }) => example)

const list = (examples: string[]) => examples.map((example) => `- ${example}`).join('\n')
