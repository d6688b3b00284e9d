import {
  Archive,
  ArchiveRestore,
  Download,
  Ellipsis,
  FileArchive,
  GitFork,
  MessageSquarePlus,
  Pencil,
  Search,
} from 'lucide-react'
import { useState } from 'react'
import { PublishButton } from '../deployments/publish-button.tsx'
import { EscalateButton } from '../escalations/escalate-button.tsx'
import { PeopleHere } from '../people/people-here.tsx'
import { rpc } from '../rpc.ts'
import { useShell } from '../shell/shell-context.ts'
import { TopBar } from '../shell/top-bar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { attempt } from './attempt.ts'
import { exportZip } from './export-zip.ts'
import { NameDialog } from './name-dialog.tsx'
import { useOpenPlace, useProject } from './project.ts'
import { useNewChat } from './use-new-chat.ts'

/** Where one is, and what can be done with it. */
export function ProjectBar() {
  const snapshot = useProject()
  const { project, chats } = snapshot
  const { chatId } = useOpenPlace()
  const chat = chats.find(({ id }) => id === chatId)
  usePageTitle(chat?.title, project.name)
  return (
    <TopBar
      aside={
        <>
          <PeopleHere projectId={project.id} />
          {chat && !chat.archived_at && <EscalateButton key={chat.id} chatId={chat.id} />}
          <PublishButton project={snapshot} listens />
          <ProjectMenu />
        </>
      }
    >
      <span className="min-w-0 truncate text-muted max-md:hidden">{project.name}</span>
      <span className="text-faint max-md:hidden" aria-hidden>
        /
      </span>
      <h1 className="min-w-0 truncate font-semibold">{chat?.title ?? project.name}</h1>
      {chat?.archived_at && <span className="text-xs text-faint">in the archive</span>}
    </TopBar>
  )
}

function ProjectMenu() {
  const snapshot = useProject()
  const { project, chats } = snapshot
  const { chatId } = useOpenPlace()
  const chat = chats.find(({ id }) => id === chatId)
  const newChat = useNewChat()
  const { openDialog } = useShell()
  const [renaming, setRenaming] = useState(false)
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="Chat and project">
            <Ellipsis className="size-4" aria-hidden />
          </IconButton>
        }
      >
        <MenuItem
          icon={<MessageSquarePlus className="size-4" aria-hidden />}
          onSelect={() => newChat.mutate(project.id)}
        >
          New chat
        </MenuItem>
        <MenuItem icon={<Search className="size-4" aria-hidden />} onSelect={() => openDialog('search')}>
          Search the chats
        </MenuItem>
        <MenuItem icon={<Archive className="size-4" aria-hidden />} onSelect={() => openDialog('archive')}>
          Chats in the archive
        </MenuItem>
        {chat && (
          <>
            <MenuLine />
            <MenuItem
              icon={<Pencil className="size-4" aria-hidden />}
              onSelect={() => openDialog('rename-chat')}
            >
              Rename the chat
            </MenuItem>
            <ArchiveItem
              what="chat"
              isArchived={chat.archived_at !== null}
              send={(archived) => rpc('archive_chat', { chat_id: chat.id, archived })}
            />
          </>
        )}
        <MenuLine />
        <MenuItem icon={<Pencil className="size-4" aria-hidden />} onSelect={() => setRenaming(true)}>
          Rename the project
        </MenuItem>
        <MenuItem icon={<GitFork className="size-4" aria-hidden />} onSelect={() => openDialog('fork')}>
          Fork the project
        </MenuItem>
        <MenuItem
          icon={<Download className="size-4" aria-hidden />}
          onSelect={() => void exportZip(snapshot)}
        >
          Export as zip
        </MenuItem>
        {project.archived_at === null && (
          <MenuItem
            icon={<FileArchive className="size-4" aria-hidden />}
            onSelect={() => openDialog('import')}
          >
            Import a zip
          </MenuItem>
        )}
        <ArchiveItem
          what="project"
          isArchived={project.archived_at !== null}
          send={(archived) => rpc('archive_project', { project_id: project.id, archived })}
        />
      </Menu>
      {renaming && (
        <NameDialog
          title="Rename the project"
          label="Name of the project"
          name={project.name}
          action="Rename"
          send={(name) => rpc('rename_project', { project_id: project.id, name })}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  )
}

type ArchiveItemProps = { what: string; isArchived: boolean; send(archived: boolean): Promise<unknown> }

function ArchiveItem({ what, isArchived, send }: ArchiveItemProps) {
  const Glyph = isArchived ? ArchiveRestore : Archive
  return (
    <MenuItem
      icon={<Glyph className="size-4" aria-hidden />}
      onSelect={() => void attempt(`The ${what} was not moved.`, () => send(!isArchived))}
    >
      {isArchived ? `Take the ${what} out of the archive` : `Archive the ${what}`}
    </MenuItem>
  )
}
