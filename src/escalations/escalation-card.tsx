import { Link } from '@tanstack/react-router'
import type { Escalation, Looker } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { Lookers, PriorityMark, StateBadge } from './marks.tsx'
import { useOffer } from './offer.ts'
import { isLiving } from './queue.ts'
import { WaitingTime } from './waiting-time.tsx'
import { CONFIDENCE_NAMES, SOURCE_NAMES } from './words.ts'

type EscalationCardProps = {
  escalation: Escalation
  isUnread: boolean
  lookers: readonly Looker[]
  selfId: string
  mayClaim: boolean
  isClaiming: boolean
  onClaim(): void
}

/** One line of the desk. The link covers it; the button lies above the link. */
export function EscalationCard(props: EscalationCardProps) {
  const { escalation, isUnread, lookers, selfId, mayClaim, isClaiming, onClaim } = props
  const { id, reason, priority, project_name, chat_title, for_user_name, source } = escalation
  const isOffered = useOffer(escalation, mayClaim)
  return (
    <article
      data-escalation={id}
      aria-label={reason}
      className="appear relative flex items-start gap-3 px-4 py-3 hover:bg-hover has-[a:focus-visible]:bg-hover max-md:px-3"
    >
      <span
        className={classes('mt-2 size-2 shrink-0 rounded-full', isUnread ? 'bg-need' : 'bg-transparent')}
        title={isUnread ? 'Not opened yet' : undefined}
      >
        {isUnread && <span className="sr-only">Unread</span>}
      </span>
      <PriorityMark priority={priority} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <Link
          to="/escalations/$escalationId"
          params={{ escalationId: id }}
          preload={false}
          className={classes(
            'line-clamp-2 wrap-anywhere after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus',
            isUnread && 'font-semibold',
          )}
        >
          {reason}
        </Link>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted max-md:flex-col max-md:items-start">
          <span className="max-w-64 truncate">
            {project_name} / {chat_title}
          </span>
          <Dot />
          <span>{source === 'person' ? (for_user_name ?? 'somebody') : SOURCE_NAMES[source]}</span>
          <AssessmentNote escalation={escalation} />
          <Lookers lookers={lookers} selfId={selfId} />
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-3 max-md:flex-col-reverse max-md:items-end max-md:gap-1">
        {isOffered && (
          <Button className="relative z-10" pending={isClaiming} onClick={onClaim}>
            Start here
          </Button>
        )}
        {escalation.state !== 'open' && <StateBadge escalation={escalation} />}
        <span
          className={classes(
            'tabular min-w-14 text-right',
            escalation.state === 'open' ? 'text-need-text' : 'text-muted',
          )}
        >
          {isLiving(escalation) ? (
            <WaitingTime since={escalation.state === 'open' ? escalation.opened_at : escalation.raised_at} />
          ) : (
            <span className="text-xs">
              <TimeAgo at={escalation.closed_at ?? escalation.raised_at} />
            </span>
          )}
        </span>
      </div>
    </article>
  )
}

function AssessmentNote({ escalation: { assessment } }: { escalation: Escalation }) {
  const { state, confidence } = assessment
  if (state === 'failed' || (state === 'done' && !confidence)) return null
  return (
    <>
      <Dot />
      <span>
        {state === 'done' && confidence
          ? `AI: ${CONFIDENCE_NAMES[confidence].toLowerCase()}`
          : 'AI is reading it'}
      </span>
    </>
  )
}

/** Between words on one line. */
const Dot = () => (
  <span aria-hidden className="max-md:hidden">
    ·
  </span>
)
