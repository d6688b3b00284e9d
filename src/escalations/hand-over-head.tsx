import { Link } from '@tanstack/react-router'
import type { Escalation, Looker } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useClaim } from './claiming.ts'
import { EscalationMenu } from './escalation-menu.tsx'
import { Lookers, PriorityMark, StateBadge } from './marks.tsx'
import { useOffer } from './offer.ts'
import { isLiving } from './queue.ts'
import { mayClaim } from './rights.ts'
import { WaitingTime } from './waiting-time.tsx'
import { SOURCE_NAMES } from './words.ts'

type HandOverHeadProps = { escalation: Escalation; problem: string; lookers: readonly Looker[] }

/** The problem in a sentence, where it stands, and the one button. */
export function HandOverHead({ escalation, problem, lookers }: HandOverHeadProps) {
  const { profile } = useUser()
  const { source, for_user_name, raised_by_name, raised_at, note, reason } = escalation
  const asker = raised_by_name ?? for_user_name
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <StateBadge escalation={escalation} />
        <PriorityMark priority={escalation.priority} named />
        {isLiving(escalation) && (
          <span className="text-need-text">
            <span className="sr-only">Waiting for </span>
            <WaitingTime since={escalation.state === 'open' ? escalation.opened_at : escalation.raised_at} />
          </span>
        )}
        <Lookers lookers={lookers} selfId={profile.user_id} />
      </div>
      <h2 className="max-w-4xl text-xl font-semibold text-balance wrap-anywhere">{problem || reason}</h2>
      <p className="text-muted">
        {source === 'person'
          ? `${asker ?? 'Somebody'} asked`
          : `For ${asker ?? 'the team'}: ${SOURCE_NAMES[source]}`}
        , <TimeAgo at={raised_at} />, in{' '}
        <ChatLink escalation={escalation}>
          {escalation.project_name} / {escalation.chat_title}
        </ChatLink>
      </p>
      {problem && reason !== problem && <p className="max-w-3xl wrap-anywhere">{reason}</p>}
      {note && (
        <blockquote className="max-w-3xl border-l-2 border-need pl-3 whitespace-pre-wrap wrap-anywhere">
          {note}
        </blockquote>
      )}
      {escalation.closing_note && (
        <blockquote className="max-w-3xl border-l-2 border-line-strong pl-3 whitespace-pre-wrap wrap-anywhere">
          <span className="block text-xs text-muted">
            {escalation.closed_by_name ?? 'Somebody'} wrote at the end
          </span>
          {escalation.closing_note}
        </blockquote>
      )}
      <div className="flex flex-wrap items-center gap-2 max-md:sticky max-md:bottom-0">
        <Primary escalation={escalation} />
        <EscalationMenu escalation={escalation} />
      </div>
    </header>
  )
}

function Primary({ escalation }: { escalation: Escalation }) {
  const { memberships, profile } = useUser()
  const claim = useClaim()
  const role = memberships.find(({ team_id }) => team_id === escalation.team_id)?.role ?? 'member'
  const isOffered = useOffer(escalation, mayClaim(role))
  if (isOffered) {
    return (
      <Button
        look="primary"
        className="h-10 px-5"
        pending={claim.isPending}
        onClick={() => claim.mutate(escalation.id)}
      >
        Start here
      </Button>
    )
  }
  const isMine = escalation.claimed_by === profile.user_id && escalation.state === 'claimed'
  return (
    <>
      <ChatLink
        escalation={escalation}
        className={buttonClass(isMine ? 'primary' : 'secondary', 'h-10 px-5')}
      >
        {isMine ? 'Go on in the chat' : 'Open the chat'}
      </ChatLink>
      {escalation.state === 'open' && (
        <span className="text-muted">A senior, an admin or an owner of the team can claim it.</span>
      )}
    </>
  )
}

type ChatLinkProps = { escalation: Escalation; className?: string; children: React.ReactNode }

function ChatLink({ escalation: { project_id, chat_id }, className, children }: ChatLinkProps) {
  return (
    <Link
      to="/p/$projectId/c/$chatId"
      params={{ projectId: project_id, chatId: chat_id }}
      className={className ?? 'text-text underline underline-offset-2'}
    >
      {children}
    </Link>
  )
}
