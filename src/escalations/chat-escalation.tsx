import { Link } from '@tanstack/react-router'
import { LifeBuoy } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { useProject } from '../projects/project.ts'
import { rpc } from '../rpc.ts'
import { useUser } from '../session/user.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useClaim } from './claiming.ts'
import { useDeskIfLoaded } from './desk.ts'
import { DeedDialog, EscalationMenu } from './escalation-menu.tsx'
import { useDeed, useDeeds } from './handling.ts'
import { Lookers } from './marks.tsx'
import { escalationOfChat, ownsSteps } from './of-chat.ts'
import { useOffer } from './offer.ts'
import { NO_MARK } from './own-marks.ts'
import { mayClaim } from './rights.ts'
import { StepChips } from './step-chips.tsx'
import { useTouch } from './touch.ts'
import { WaitingTime } from './waiting-time.tsx'

type ChatEscalationProps = {
  chatId: string
  /** Puts a text where the next message is written. */
  onFill(text: string): void
}

/** Above the composer: who was called, who has it, what they can do, and the steps that the AI suggests. */
export function ChatEscalation({ chatId, onFill }: ChatEscalationProps) {
  const { project } = useProject()
  const { profile } = useUser()
  const loaded = useDeskIfLoaded(project.team_id)
  const escalation =
    loaded && escalationOfChat(loaded.desk.escalations, loaded.marks, chatId, profile.user_id)
  if (!loaded || !escalation) return null
  const { dismissed_at } = loaded.marks[escalation.id] ?? NO_MARK
  return (
    <section aria-label="Escalation" data-escalation-state={escalation.state} className="flex flex-col gap-2">
      <Bar
        escalation={escalation}
        role={loaded.desk.role}
        lookers={loaded.desk.lookers[escalation.id] ?? []}
      />
      {ownsSteps(escalation, profile.user_id) && !dismissed_at && (
        <StepChips escalation={escalation} onFill={onFill} />
      )}
    </section>
  )
}

type BarProps = {
  escalation: Escalation
  role: Parameters<typeof mayClaim>[0]
  lookers: Parameters<typeof Lookers>[0]['lookers']
}

function Bar({ escalation, role, lookers }: BarProps) {
  const { profile } = useUser()
  const isMine = escalation.state === 'claimed' && escalation.claimed_by === profile.user_id
  useTouch(isMine ? escalation.id : null)
  return (
    <div
      className={classes(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-3 py-2',
        escalation.state === 'claimed' ? 'bg-live-soft text-live-text' : 'bg-need-soft text-need-text',
      )}
    >
      <LifeBuoy className="size-4 shrink-0" aria-hidden />
      <p role="status" className="min-w-40 flex-1 wrap-anywhere">
        <Words escalation={escalation} isMine={isMine} />
      </p>
      <Lookers lookers={lookers} selfId={profile.user_id} />
      <span className="flex items-center gap-2">
        <Actions escalation={escalation} isMine={isMine} mayClaim={mayClaim(role)} />
        <Link
          to="/escalations/$escalationId"
          params={{ escalationId: escalation.id }}
          preload={false}
          className={buttonClass()}
        >
          Context
        </Link>
        {escalation.state !== 'returned' && <EscalationMenu escalation={escalation} />}
      </span>
    </div>
  )
}

function Words({ escalation, isMine }: { escalation: Escalation; isMine: boolean }): ReactNode {
  const { state, reason, claimed_by_name, closed_by_name, closing_note, touched_at } = escalation
  switch (state) {
    case 'open':
      return (
        <>
          A senior was called: {reason} <WaitingTime since={escalation.opened_at} />
        </>
      )
    case 'claimed':
      return (
        <>
          {isMine ? 'You have this escalation: ' : `${claimed_by_name ?? 'Somebody'} has it: `}
          {reason}
          {!isMine && touched_at && (
            <span className="text-muted">
              {' '}
              Last touched <TimeAgo at={touched_at} />.
            </span>
          )}
        </>
      )
    default:
      return `${closed_by_name ?? 'A senior'} gave it back to you: ${closing_note ?? ''}`
  }
}

type ActionsProps = { escalation: Escalation; isMine: boolean; mayClaim: boolean }

function Actions({ escalation, isMine, mayClaim }: ActionsProps) {
  const claim = useClaim()
  const isOffered = useOffer(escalation, mayClaim)
  const deeds = useDeeds(escalation)
  const [open, setOpen] = useState<'resolve' | 'return' | null>(null)
  const putAside = useDeed('It was not put aside.')
  if (escalation.state === 'returned') {
    const dismiss = () => rpc('dismiss_steps', { escalation_id: escalation.id })
    return (
      <Button pending={putAside.isPending} onClick={() => putAside.mutate(dismiss)}>
        Understood
      </Button>
    )
  }
  if (isOffered) {
    return (
      <Button look="primary" pending={claim.isPending} onClick={() => claim.mutate(escalation.id)}>
        Start here
      </Button>
    )
  }
  if (!isMine || !deeds.has('resolve')) return null
  return (
    <>
      <Button look="primary" onClick={() => setOpen('resolve')}>
        Resolve
      </Button>
      <Button onClick={() => setOpen('return')}>Give back</Button>
      {open && <DeedDialog deed={open} escalation={escalation} onClose={() => setOpen(null)} />}
    </>
  )
}
