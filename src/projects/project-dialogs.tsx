import { SearchDialog } from '../chat/search/search-dialog.tsx'
import { rpc } from '../rpc.ts'
import type { ShellDialog } from '../shell/shell-context.ts'
import { ImportIntoProjectDialog } from '../zip/import-dialog.tsx'
import { ArchivedChats } from './archived-chats.tsx'
import { ForkProjectDialog } from './fork-dialog.tsx'
import { NameDialog } from './name-dialog.tsx'
import { useOpenPlace, useProjectIfLoaded } from './project.ts'

/** What can be opened from anywhere in a project: from its menu, the rail, the palette or with a key. */
export function ProjectDialogs({ name, onClose }: { name: ShellDialog; onClose(): void }) {
  const { projectId, chatId } = useOpenPlace()
  const project = useProjectIfLoaded(projectId)
  const chat = project?.chats.find(({ id }) => id === chatId)
  if (!projectId) return null
  switch (name) {
    case 'search':
      return <SearchDialog onClose={onClose} />
    case 'archive':
      return <ArchivedChats projectId={projectId} onClose={onClose} />
    case 'fork':
      return project && <ForkProjectDialog project={project} onClose={onClose} />
    case 'import':
      return project && <ImportIntoProjectDialog project={project} onClose={onClose} />
    case 'rename-chat':
      return (
        chat && (
          <NameDialog
            title="Rename the chat"
            label="Name of the chat"
            name={chat.title}
            action="Rename"
            send={(title) => rpc('rename_chat', { chat_id: chat.id, title })}
            onClose={onClose}
          />
        )
      )
  }
}
