/** Stacks for people and the agent: what is their own is told, what lies in packages is only counted. */
import type { Frame } from '../../services/preview/messages.ts'

const isOfPackage = ({ file }: Pick<Frame, 'file'>) => /^\/@v\//.test(file)

/** An error that was thrown far from anything of the project's own keeps its frames, since there are no others. */
export function tellingFrames<Some extends Pick<Frame, 'file'>>(frames: readonly Some[]): Some[] {
  const own = frames.filter((frame) => !isOfPackage(frame))
  return own.length > 0 ? own : [...frames]
}

const STACK_LINE = /^\s+at .*https?:\/\/\S+/
const IN_A_FILE = /https?:\/\/[^\s/]+\/@m\/[0-9a-f]+\/([^\s:?#]+)[^\s)]*/

/**
 * What was printed has its stack as the browser writes it, with addresses in it and places in what was compiled. Where it
 * was written is told beside it, with its true line.
 */
export function withoutAddresses(text: string): string {
  return text
    .split('\n')
    .filter((line) => !STACK_LINE.test(line) || IN_A_FILE.test(line))
    .map((line) => (STACK_LINE.test(line) ? line.replace(IN_A_FILE, '$1') : line))
    .join('\n')
}
