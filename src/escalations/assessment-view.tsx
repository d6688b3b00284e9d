import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Assessment, Confidence } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { showToast } from '../ui/toasts.ts'
import { LineByModel, TextByModel } from './said-by-model.tsx'
import { Section } from './section.tsx'
import { CONFIDENCE_NAMES } from './words.ts'

/** The AI's view. It fills in where it stands, while one reads, and nobody has to wait for it. */
export function AssessmentView({ assessment }: { assessment: Assessment }) {
  const { state, likely_cause, confidence } = assessment
  const isAtWork = state === 'pending' || state === 'running'
  return (
    <Section
      title="What the AI thinks"
      note={confidence && <ConfidenceMark confidence={confidence} />}
      className="order-2"
    >
      <div aria-busy={isAtWork} className="flex flex-col gap-4 rounded-lg border border-line p-4">
        {state === 'failed' && <Failed assessment={assessment} />}
        {likely_cause ? (
          <div aria-live="polite">
            <TextByModel text={likely_cause} grows={isAtWork} />
          </div>
        ) : (
          isAtWork && <Lines label="It is reading what happened" />
        )}
        <Evidence evidence={assessment.evidence} />
        <Steps assessment={assessment} isAtWork={isAtWork} />
        {isAtWork && (
          <p className="flex items-center gap-2 text-xs text-muted">
            <Spinner className="size-3.5" />
            You can start without it; it stays here.
          </p>
        )}
        <Similar similar={assessment.similar} />
      </div>
    </Section>
  )
}

function ConfidenceMark({ confidence }: { confidence: Confidence }) {
  return <Badge tone={confidence === 'low' ? 'need' : 'plain'}>{CONFIDENCE_NAMES[confidence]}</Badge>
}

function Lines({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-2">
      <Skeleton className="w-full" />
      <Skeleton className="w-3/4" />
    </div>
  )
}

function Evidence({ evidence }: { evidence: readonly string[] }) {
  if (evidence.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 text-xs text-muted">Because</h3>
      <ul className="flex list-disc flex-col gap-1 pl-4 wrap-anywhere">
        {evidence.map((line) => (
          <li key={line}>
            <LineByModel text={line} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Steps({ assessment: { steps }, isAtWork }: { assessment: Assessment; isAtWork: boolean }) {
  if (steps.length === 0) return isAtWork ? <Lines label="Steps are being thought of" /> : null
  return (
    <div>
      <h3 className="mb-1 text-xs text-muted">It would</h3>
      <ol className="flex list-decimal flex-col gap-1 pl-4 wrap-anywhere">
        {steps.map(({ title, prompt }) => (
          <li key={title} title={prompt}>
            <LineByModel text={title} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function Similar({ similar }: { similar: Assessment['similar'] }) {
  if (similar.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 text-xs text-muted">Like it before</h3>
      <ul className="flex flex-col gap-1.5">
        {similar.map(({ id, reason, cause, closing_note }) => (
          <li key={id} className="wrap-anywhere">
            <Link
              to="/escalations/$escalationId"
              params={{ escalationId: id }}
              preload={false}
              className="underline underline-offset-2"
            >
              {reason}
            </Link>
            <span className="line-clamp-2 text-xs text-muted">
              {[cause, closing_note].filter(Boolean).join(': ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Failed({ assessment: { escalation_id, error } }: { assessment: Assessment }) {
  const retry = useMutation({
    networkMode: 'always',
    mutationFn: () => rpc('retry_assessment', { escalation_id }),
    onError: (cause) =>
      showToast({
        tone: 'bad',
        title: 'It could not be asked again.',
        body: sentenceOf(toBatonError(cause)),
      }),
  })
  const message = typeof error?.message === 'string' ? error.message : 'No reason was given.'
  return (
    <Callout
      tone="bad"
      action={
        <Button pending={retry.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
      }
    >
      The AI could not assess this: {message} Everything else on this page is complete.
    </Callout>
  )
}
