import type { Frame } from '../../services/preview/messages.ts'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { useUserId } from '../session/user.ts'
import { FileLink } from './file-link.tsx'
import { type Fault, projectPathOf } from './preview-log.ts'
import { tellingFrames } from './stacks.ts'

const MOST_FRAMES = 8

/** One error with its stack. Frames of the project's own files open them; the others are only named. */
export function FaultItem({ fault, project }: { fault: Fault; project: ProjectSnapshot }) {
  const self = useUserId()
  const paths = new Set(project.files.map(({ path }) => path))
  const telling = tellingFrames(fault.frames)
  const frames = telling.slice(0, MOST_FRAMES)
  const inPackages = fault.frames.length - telling.length
  return (
    <li className="flex min-w-0 flex-col gap-1">
      <p className="text-bad-text wrap-anywhere whitespace-pre-wrap">{fault.title}</p>
      <p className="flex flex-wrap gap-x-3 text-xs text-muted empty:hidden">
        {fault.count > 1 && <span className="tabular">{fault.count} times</span>}
        {fault.path && fault.path !== '/' && <span className="font-mono">{fault.path}</span>}
        {fault.toldBy !== null && (
          <span>{fault.toldBy === self ? 'seen before this page was loaded' : 'seen by someone else'}</span>
        )}
      </p>
      {frames.length > 0 && (
        <ol aria-label="Where" className="flex flex-col font-mono text-xs text-muted">
          {frames.map((frame, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a stack never changes
            <li key={index} className="wrap-anywhere">
              <FrameLine frame={frame} path={projectPathOf(frame, paths)} projectId={project.project.id} />
            </li>
          ))}
          {inPackages > 0 && <li className="text-faint">and {inPackages} in packages</li>}
        </ol>
      )}
    </li>
  )
}

type FrameLineProps = { frame: Frame; path: string | null; projectId: string }

function FrameLine({ frame, path, projectId }: FrameLineProps) {
  return (
    <>
      at {frame.function && `${frame.function} `}
      {path ? (
        <FileLink projectId={projectId} path={path} line={frame.line || null} column={frame.column || null} />
      ) : (
        <span className="text-faint">{outside(frame)}</span>
      )}
    </>
  )
}

function outside({ file, line }: Frame): string {
  const name = file.replace(/^\/@v\/.*$/, 'a package')
  return name === 'a package' || !line ? name : `${name}:${line}`
}
