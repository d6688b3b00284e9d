import { listed, nameOf } from './faces.tsx'
import { usePeopleTyping } from './here.ts'

/** In a line that is always there: nothing moves when somebody begins to type. */
export function TypingLine({ projectId, chatId }: { projectId: string; chatId: string }) {
  const names = usePeopleTyping(projectId, chatId).map(nameOf)
  return (
    <p role="status" className="min-w-0 shrink-[0.2] truncate text-xs text-muted">
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
