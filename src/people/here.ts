/** Who else is in the project that is open, told by its room. Each component reads the part that it draws. */
import { useSyncExternalStore } from 'react'
import type { Present } from './presence.ts'

type Here = { projectId: string; people: readonly Present[] }

let here: Here = { projectId: '', people: [] }
const listeners = new Set<() => void>()

export function setHere(next: Here): void {
  here = next
  for (const listener of [...listeners]) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Their ids. As one text, so that only who draws something else is drawn again. */
function useIds(projectId: string | undefined, isMeant: (person: Present) => boolean): string[] {
  const ids = useSyncExternalStore(subscribe, () =>
    here.projectId === projectId
      ? here.people
          .filter(isMeant)
          .map(({ userId }) => userId)
          .join(' ')
      : '',
  )
  return ids === '' ? [] : ids.split(' ')
}

export const usePeopleHere = (projectId: string | undefined) => useIds(projectId, () => true)
export const usePeopleInChat = (projectId: string | undefined, chatId: string) =>
  useIds(projectId, ({ chats }) => chats.includes(chatId))
export const usePeopleTyping = (projectId: string, chatId: string) =>
  useIds(projectId, ({ typesIn }) => typesIn.includes(chatId))
/** Of a closed folder: in any file of it. */
export const usePeopleOnFile = (projectId: string, path: string, isFolder = false) =>
  useIds(projectId, ({ files }) =>
    files.some((file) => file === path || (isFolder && file.startsWith(`${path}/`))),
  )

/** Where in the project somebody is. */
export const useWhereabouts = (projectId: string, userId: string): Present | undefined =>
  useSyncExternalStore(subscribe, () =>
    here.projectId === projectId ? here.people.find((person) => person.userId === userId) : undefined,
  )
