import { useNavigate } from '@tanstack/react-router'
import { goInWorkbench } from '../files/place.ts'
import { useProject } from '../projects/project.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx'
import { listed, nameOf } from './faces.tsx'
import { usePeopleHere, useWhereabouts } from './here.ts'

const MOST = 4

/** Who else is in the project, in the top bar. Choosing somebody goes to where they are. */
export function PeopleHere({ projectId }: { projectId: string }) {
  const userIds = usePeopleHere(projectId)
  if (userIds.length === 0) return null
  const names = userIds.map(nameOf)
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          title={`${listed(names)} ${names.length === 1 ? 'is' : 'are'} here`}
          className="inline-flex h-8 items-center -space-x-1.5 rounded-md px-1 hover:bg-hover pointer-coarse:h-10"
        >
          {names.slice(0, MOST).map((name, index) => (
            <Avatar
              key={userIds[index]}
              name={name}
              className={`size-6! border-2! border-live! bg-surface! ${index > 0 ? 'max-md:hidden' : ''}`}
            />
          ))}
          {names.length > MOST && (
            <span
              aria-hidden
              className="pl-2.5 text-xs text-muted max-md:hidden"
            >{`+${names.length - MOST}`}</span>
          )}
          {names.length > 1 && (
            <span aria-hidden className="pl-2.5 text-xs text-muted md:hidden">{`+${names.length - 1}`}</span>
          )}
          <span className="sr-only">Here: {listed(names)}</span>
        </button>
      }
    >
      <MenuLabel>Here now</MenuLabel>
      {userIds.map((userId) => (
        <PersonHere key={userId} projectId={projectId} userId={userId} />
      ))}
    </Menu>
  )
}

function PersonHere({ projectId, userId }: { projectId: string; userId: string }) {
  const navigate = useNavigate()
  const { chats } = useProject()
  const where = useWhereabouts(projectId, userId)
  const chatId = where?.chats[0]
  const file = where?.files[0]
  const chat = chats.find(({ id }) => id === chatId)
  const go = () => {
    if (file) goInWorkbench(projectId, { tab: 'code', path: file, follow: false })
    if (chat) void navigate({ to: '/p/$projectId/c/$chatId', params: { projectId, chatId: chat.id } })
  }
  return (
    <MenuItem icon={<Avatar name={nameOf(userId)} className="size-6" />} onSelect={go}>
      <span className="block truncate">{nameOf(userId)}</span>
      {chat && <span className="block truncate text-xs text-muted">in “{chat.title}”</span>}
      {file && <span className="block truncate font-mono text-2xs text-muted">{file}</span>}
    </MenuItem>
  )
}
