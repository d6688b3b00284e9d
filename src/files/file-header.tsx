import { ArrowLeft, Download, Ellipsis, History, PencilLine, Save, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ProjectFile, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { FacesOnFile } from '../people/faces.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { download } from './download.ts'
import { useFileActions } from './file-actions.ts'
import { RenameFileDialog } from './path-dialog.tsx'
import { usePlace } from './place.ts'
import type { Editing } from './use-editing.ts'
import type { Writing } from './writing.ts'

type FileHeaderProps = {
  project: ProjectSnapshot
  path: string
  file: ProjectFile | undefined
  /** What is shown; undefined while it is on its way. */
  text: string | undefined
  editing: Editing
  writing: Writing | undefined
  /** Where a conflict is resolved there is more than one text to save. */
  maySave: boolean
  isShowingHistory: boolean
  onHistory(): void
}

export function FileHeader({
  project,
  path,
  file,
  text,
  editing,
  writing,
  maySave,
  ...history
}: FileHeaderProps) {
  const [, go] = usePlace(project.project.id)
  const { draft, isSaving, save } = editing
  return (
    <header className="flex min-h-9 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3 @max-xl:pl-1">
      <IconButton label="All files" onClick={() => go({ path: null })} className="size-7 @xl:hidden">
        <ArrowLeft className="size-4" aria-hidden />
      </IconButton>
      <PathName path={path} />
      <span aria-live="polite" className="flex shrink-0 items-center gap-1">
        {writing && (
          <Badge tone="live">
            <PencilLine className="pulse size-3.5" aria-hidden />
            {writing.isOpen && writing.content !== null ? 'Being written' : 'Being changed'}
          </Badge>
        )}
        {draft && <Badge>Not saved</Badge>}
      </span>
      <FacesOnFile projectId={project.project.id} path={path} />
      <span className="flex-1" />
      {draft && maySave && (
        <Button
          look="primary"
          className="h-7 px-2"
          pending={isSaving}
          onClick={save}
          aria-keyshortcuts="Meta+S Control+S"
        >
          <Save className="size-4" aria-hidden />
          Save
        </Button>
      )}
      <Tooltip label="History">
        <IconButton
          label="History"
          aria-pressed={history.isShowingHistory}
          onClick={history.onHistory}
          className={classes('size-7', history.isShowingHistory && 'bg-hover text-text')}
        >
          <History className="size-4" aria-hidden />
        </IconButton>
      </Tooltip>
      <FileMenu project={project} path={path} file={file} text={text} editing={editing} />
    </header>
  )
}

/** The folders give way first when there is little room. */
function PathName({ path }: { path: string }) {
  const at = path.lastIndexOf('/') + 1
  return (
    <h2 className="flex min-w-0 font-mono text-xs" title={path}>
      <span className="min-w-0 truncate text-muted">{path.slice(0, at)}</span>
      <span className="max-w-full shrink-0 truncate">{path.slice(at)}</span>
    </h2>
  )
}

type FileMenuProps = Pick<FileHeaderProps, 'project' | 'path' | 'file' | 'text' | 'editing'>

function FileMenu({ project, path, file, text, editing }: FileMenuProps) {
  const [, go] = usePlace(project.project.id)
  const { remove } = useFileActions(project.project.id)
  const [isRenaming, setIsRenaming] = useState(false)
  const mayChange = file !== undefined && project.project.archived_at === null
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More about this file" className="size-7">
            <Ellipsis className="size-4" aria-hidden />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Download className="size-4" aria-hidden />}
          onSelect={() => text !== undefined && download(path, text)}
        >
          Download
        </MenuItem>
        {editing.draft && (
          <MenuItem icon={<Undo2 className="size-4" aria-hidden />} onSelect={editing.letGo}>
            Discard my changes
          </MenuItem>
        )}
        {mayChange && (
          <>
            <MenuLine />
            <MenuItem
              icon={<PencilLine className="size-4" aria-hidden />}
              onSelect={() => setIsRenaming(true)}
            >
              Rename or move
            </MenuItem>
            <MenuItem
              icon={<Trash2 className="size-4" aria-hidden />}
              onSelect={() =>
                void remove(file).then((isGone) => isGone && editing.draft === null && go({ path: null }))
              }
            >
              Delete
            </MenuItem>
          </>
        )}
      </Menu>
      {isRenaming && file && (
        <RenameFileDialog
          projectId={project.project.id}
          file={file}
          onClose={() => setIsRenaming(false)}
          onMoved={(to) => go({ path: to })}
        />
      )}
    </>
  )
}
