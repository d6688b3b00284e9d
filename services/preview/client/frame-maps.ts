/** Asks the host where frames are written. Those that come together are asked for together, and each only once. */
import type { RawFrame } from '../map-frames.ts'
import type { Frame } from '../messages.ts'

const TOGETHER_MS = 20
const PATIENCE_MS = 2_000
const AT_ONCE = 30
const KNOWN = 500

type Question = { frame: RawFrame; answer(frame: Frame): void }

export function createFrameMaps(fetcher: typeof fetch = window.fetch.bind(window)) {
  const known = new Map<string, Promise<Frame>>()
  let questions: Question[] = []

  const ask = async (asked: Question[]) => {
    const answers = await fetchFrames(
      fetcher,
      asked.map(({ frame }) => frame),
    )
    for (const [index, { frame, answer }] of asked.entries()) answer(answers[index] ?? unmapped(frame))
  }

  const flush = () => {
    const asked = questions
    questions = []
    for (let from = 0; from < asked.length; from += AT_ONCE) void ask(asked.slice(from, from + AT_ONCE))
  }

  const mapFrame = (frame: RawFrame): Promise<Frame> => {
    const key = `${frame.url}:${frame.line}:${frame.column}:${frame.function}`
    const answer =
      known.get(key) ??
      new Promise<Frame>((answered) => {
        if (questions.length === 0) setTimeout(flush, TOGETHER_MS)
        questions.push({ frame, answer: answered })
      })
    if (known.size >= KNOWN) known.clear()
    known.set(key, answer)
    return answer
  }

  return (frames: RawFrame[]): Promise<Frame[]> => Promise.all(frames.map(mapFrame))
}

async function fetchFrames(fetcher: typeof fetch, frames: RawFrame[]): Promise<Frame[]> {
  try {
    const response = await fetcher('/__baton/frames', {
      method: 'POST',
      body: JSON.stringify({ frames }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return ((await response.json()) as { frames: Frame[] }).frames
  } catch {
    return []
  }
}

export const unmapped = ({ function: name, url, line, column }: RawFrame): Frame => ({
  function: name,
  file: url,
  line,
  column,
  mapped: false,
})
