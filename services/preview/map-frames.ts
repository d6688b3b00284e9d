/** From where the browser ran something to where it is written, through the source maps of the deployment. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Frame } from './messages.ts'

export type RawFrame = { function: string; url: string; line: number; column: number }
/** The text at a path of the deployment, or null. */
export type ReadText = (path: string) => Promise<string | null>

const FRAMES = 30
const MAPS = 200

export function createFrameMapper() {
  const maps = new Map<string, TraceMap | null>()

  const mapOf = async (path: string, read: ReadText): Promise<TraceMap | null> => {
    const known = maps.get(path)
    if (known !== undefined) return known
    const map = await loadMap(path, read)
    if (maps.size >= MAPS) maps.delete(maps.keys().next().value!)
    maps.set(path, map)
    return map
  }

  const mapFrame = async (frame: RawFrame, host: string, read: ReadText): Promise<Frame> => {
    const url = URL.canParse(frame.url) ? new URL(frame.url) : null
    const raw: Frame = {
      function: frame.function,
      file: url?.host === host ? url.pathname : frame.url,
      line: frame.line,
      column: frame.column,
      mapped: false,
    }
    if (url?.host !== host || frame.line < 1 || !/^\/(@m|@a|assets)\//.test(url.pathname)) return raw
    const map = await mapOf(url.pathname, read).catch(() => null)
    const found = map && originalPositionFor(map, { line: frame.line, column: Math.max(0, frame.column - 1) })
    if (!found?.source) return raw
    return {
      function: frame.function || (found.name ?? ''),
      file: found.source.replace(/^(\.\.\/)+|^\/+/g, ''),
      line: found.line,
      column: found.column + 1,
      mapped: true,
    }
  }

  return (frames: RawFrame[], host: string, read: ReadText): Promise<Frame[]> =>
    Promise.all(frames.slice(0, FRAMES).map((frame) => mapFrame(frame, host, read)))
}

/** In the file itself, or beside it. Immutable paths alone are asked for, so a map is kept under its script's path. */
async function loadMap(path: string, read: ReadText): Promise<TraceMap | null> {
  const code = await read(path)
  const reference = code?.slice(code.lastIndexOf(REFERENCE) + REFERENCE.length).trim()
  if (!code?.includes(REFERENCE) || !reference) return null
  const inline = /^data:application\/json;(?:charset=utf-8;)?base64,(.+)$/.exec(reference)?.[1]
  const json = inline ? fromBase64(inline) : await read(new URL(reference, `http://host${path}`).pathname)
  return json ? new TraceMap(json) : null
}

const REFERENCE = '//# sourceMappingURL='

const fromBase64 = (text: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))

export function readRawFrames(value: unknown): RawFrame[] | null {
  const frames = (value as { frames?: unknown } | null)?.frames
  if (!Array.isArray(frames)) return null
  return frames.slice(0, FRAMES).map((frame: Partial<RawFrame> | null) => ({
    function: String(frame?.function ?? '').slice(0, 200),
    url: String(frame?.url ?? '').slice(0, 2_000),
    line: Number(frame?.line) || 0,
    column: Number(frame?.column) || 0,
  }))
}
