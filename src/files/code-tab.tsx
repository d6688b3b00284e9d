import { FilePlus2, FileText, FolderTree, PencilLine, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { FilePane } from './file-pane.tsx'
import { FileTree } from './file-tree-view.tsx'
import { NewFileDialog } from './path-dialog.tsx'
import { usePlace } from './place.ts'
import { SearchPane } from './search-pane.tsx'
import { useDraftPaths } from './use-draft.ts'
import { useWritings } from './use-writings.ts'

type CodeTabProps = { project: ProjectSnapshot; chatId: string | undefined }

/** The tree beside the file that is open. Where there is no room for both, one after the other. */
export function CodeTab({ project, chatId }: CodeTabProps) {
  const { id } = project.project
  const [place, go] = usePlace(id)
  const [left, setLeft] = useState<'files' | 'search'>('files')
  const [isNaming, setIsNaming] = useState(false)
  const writings = useWritings(id, chatId, project.files)
  const drafts = useDraftPaths(id)
  const newest = writings.at(-1)
  const isFollowing = place.follow && newest !== undefined

  useEffect(() => {
    if (isFollowing && newest.path !== place.path) go({ path: newest.path })
  }, [isFollowing, newest?.path, place.path, go])

  const open = (path: string, line?: number) =>
    go({ path, line, follow: newest ? newest.path === path : place.follow })
  const paths = [...project.files.map((file) => file.path), ...writings.map((one) => one.path), ...drafts]
  const isEmpty = paths.length === 0
  const isReadOnly = project.project.archived_at !== null

  return (
    <div className="flex min-h-0 flex-1">
      <aside
        aria-label="Files"
        className={classes(
          'min-h-0 w-56 shrink-0 flex-col border-r border-line @max-xl:w-full @max-xl:border-r-0',
          place.path === null ? 'flex' : 'flex @max-xl:hidden',
        )}
      >
        <header className="flex h-9 shrink-0 items-center gap-0.5 border-b border-line pr-1 pl-1">
          <Tool
            label="Files"
            isPressed={left === 'files'}
            onClick={() => setLeft('files')}
            icon={FolderTree}
          />
          <Tool
            label="Search in files"
            isPressed={left === 'search'}
            onClick={() => setLeft('search')}
            icon={Search}
          />
          <span className="flex-1" />
          {!isReadOnly && <Tool label="New file" onClick={() => setIsNaming(true)} icon={FilePlus2} />}
        </header>
        {newest && !place.follow && (
          <Button look="quiet" className="m-1 justify-start" onClick={() => go({ follow: true })}>
            <PencilLine className="size-4 text-live-text" aria-hidden />
            Follow the agent
          </Button>
        )}
        {left === 'search' ? (
          <SearchPane project={project} onOpen={open} />
        ) : isEmpty ? (
          <p className="p-4 text-muted">No files yet.</p>
        ) : (
          <FileTree projectId={id} paths={paths} writings={writings} drafts={drafts} onOpen={open} />
        )}
      </aside>
      <div
        className={classes(
          'min-h-0 min-w-0 flex-1 flex-col',
          place.path === null ? 'flex @max-xl:hidden' : 'flex',
        )}
      >
        {place.path === null ? (
          <NothingOpen isEmpty={isEmpty} onNew={isReadOnly ? undefined : () => setIsNaming(true)} />
        ) : (
          <FilePane
            key={place.path}
            project={project}
            path={place.path}
            line={place.line}
            writing={writings.findLast(({ path }) => path === place.path)}
            isFollowing={place.follow}
          />
        )}
      </div>
      {isNaming && (
        <NewFileDialog project={project} onClose={() => setIsNaming(false)} onMade={(path) => open(path)} />
      )}
    </div>
  )
}

type ToolProps = { label: string; icon: typeof Search; isPressed?: boolean; onClick(): void }

function Tool({ label, icon: Glyph, isPressed, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <IconButton
        label={label}
        aria-pressed={isPressed}
        onClick={onClick}
        className={classes('size-7', isPressed && 'bg-hover text-text')}
      >
        <Glyph className="size-4" aria-hidden />
      </IconButton>
    </Tooltip>
  )
}

function NothingOpen({ isEmpty, onNew }: { isEmpty: boolean; onNew: (() => void) | undefined }) {
  if (!isEmpty) {
    return (
      <EmptyState icon={<FileText className="size-8" aria-hidden />} title="Open a file">
        Choose one in the tree. A file that the agent writes opens by itself, and grows while it is written.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<FileText className="size-8" aria-hidden />}
      title="No files yet"
      action={onNew && <Button onClick={onNew}>New file</Button>}
    >
      Ask the agent for something in the chat, and its files appear here while it writes them.
    </EmptyState>
  )
}
