import { listed, nameOf } from './faces.tsx'
import { usePeopleTyping } from './here.ts'

/** Above the composer, in a line that is always there: nothing moves when somebody begins to type. */
export function TypingLine({ projectId, chatId }: { projectId: string; chatId: string }) {
  const names = usePeopleTyping(projectId, chatId).map(nameOf)
  return (
    <p role="status" className="h-4 truncate px-1 text-xs leading-4 text-muted">
      {names.length > 0 && (
        <>
          <span
            aria-hidden
            className="pulse mr-1.5 inline-block size-1.5 rounded-full bg-live align-middle"
          />
          {listed(names)} {names.length === 1 ? 'is' : 'are'} typing
        </>
      )}
    </p>
  )
}
