import { seenName } from '../teams/seen-names.ts'
import { Avatar } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'
import { usePeopleInChat, usePeopleOnFile } from './here.ts'

export const nameOf = (userId: string) => seenName(userId) ?? 'Someone'

type FacesProps = { userIds: readonly string[]; most?: number; doing: string; className?: string }

/** A few small avatars, and how many more; who they are is said in words. `doing`: "here", "looks at this". */
export function Faces({ userIds, most = 3, doing, className }: FacesProps) {
  if (userIds.length === 0) return null
  const names = userIds.map(nameOf)
  const said = `${listed(names)} ${doing}`
  const more = names.length - most
  return (
    <span title={said} className={classes('inline-flex shrink-0 items-center -space-x-1', className)}>
      {names.slice(0, most).map((name, index) => (
        <Avatar key={userIds[index]} name={name} className="size-5! border-live! bg-surface! text-[9px]!" />
      ))}
      {more > 0 && <span aria-hidden className="pl-1.5 text-2xs text-muted">{`+${more}`}</span>}
      <span className="sr-only">, {said}</span>
    </span>
  )
}

/** "Ada", "Ada and Bob", "Ada, Bob and 2 more". */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? ''
  if (names.length <= 3) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}

export function FacesInChat({ projectId, chatId }: { projectId: string; chatId: string }) {
  return <Faces userIds={usePeopleInChat(projectId, chatId)} doing="here" />
}

type OnFileProps = { projectId: string; path: string; isFolder?: boolean }

export function FacesOnFile({ projectId, path, isFolder = false }: OnFileProps) {
  return <Faces userIds={usePeopleOnFile(projectId, path, isFolder)} doing="here" />
}
