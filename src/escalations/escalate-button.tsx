import { Link } from '@tanstack/react-router'
import { LifeBuoy } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../projects/project.ts'
import { useUserId } from '../session/user.ts'
import { buttonClass } from '../ui/button.tsx'
import { useDeskIfLoaded } from './desk.ts'
import { escalationOfChat } from './of-chat.ts'

const EscalateDialog = lazy(() =>
  import('./escalate-dialog.tsx').then(({ EscalateDialog }) => ({ default: EscalateDialog })),
)

/** In the bar above a chat: asks for a senior, or leads to what was asked. */
export function EscalateButton({ chatId }: { chatId: string }) {
  const { project } = useProject()
  const selfId = useUserId()
  const loaded = useDeskIfLoaded(project.team_id)
  const [isOpen, setIsOpen] = useState(false)
  if (!loaded) return null
  const living = escalationOfChat(loaded.desk.escalations, loaded.marks, chatId, selfId)
  const words = (
    <>
      <LifeBuoy className="size-4" aria-hidden />
      <span className="max-md:sr-only">{living ? 'Escalated' : 'Escalate'}</span>
    </>
  )
  if (living && living.state !== 'returned') {
    return (
      <Link
        to="/escalations/$escalationId"
        params={{ escalationId: living.id }}
        preload={false}
        className={buttonClass('secondary', 'text-need-text')}
      >
        {words}
      </Link>
    )
  }
  return (
    <>
      <button type="button" className={buttonClass()} onClick={() => setIsOpen(true)}>
        {words}
      </button>
      {isOpen && (
        <Suspense>
          <EscalateDialog chatId={chatId} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
