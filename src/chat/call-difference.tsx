import { useQuery } from '@tanstack/react-query'
import type { ToolCall } from '../../supabase/functions/_shared/protocol.ts'
import { useContents } from '../files/contents.ts'
import { Code } from '../files/editor/index.tsx'
import { isReadable } from '../files/file-kind.ts'
import { type CallChange, callChangesQuery } from '../files/operations-of-call.ts'
import { goInWorkbench } from '../files/place.ts'
import { Button } from '../ui/button.tsx'
import { useChatPlace } from './chat.ts'

const CHANGING = ['write_file', 'edit_file']

export const changesFiles = ({ name, state }: ToolCall) => state === 'complete' && CHANGING.includes(name)

/** What the call changed, line by line. Nothing while it loads, or cannot be: the input below says the same in its way. */
export function CallDifference({ call }: { call: ToolCall }) {
  const { projectId } = useChatPlace()
  const changes = useQuery(callChangesQuery(projectId, call.id)).data ?? []
  const hashes = changes.flatMap(({ before, after }) => [before, after]).filter((hash) => hash !== null)
  const contents = useContents(projectId, hashes, hashes.length > 0).data
  return changes.map((change) => (
    <OneChange key={change.path} projectId={projectId} change={change} contents={contents} />
  ))
}

type OneChangeProps = {
  projectId: string
  change: CallChange
  contents: ReadonlyMap<string, string> | undefined
}

function OneChange({ projectId, change: { path, before, after }, contents }: OneChangeProps) {
  const was = before === null ? '' : contents?.get(before)
  const is = after === null ? '' : contents?.get(after)
  if (was === undefined || is === undefined || !isReadable(was) || !isReadable(is)) return null
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="flex items-center justify-between gap-2 text-xs text-faint">
        {before === null ? 'New file' : 'Change'}
        <Button
          look="quiet"
          className="h-6 px-2 text-xs"
          onClick={() => goInWorkbench(projectId, { tab: 'code', path })}
        >
          Open the file
        </Button>
      </p>
      <div className="max-h-80 overflow-auto rounded-md border border-line bg-surface">
        <Code path={path} label={`Change of ${path}`} text={is} original={was} readOnly />
      </div>
    </div>
  )
}
