import type { Host, StuckSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { errorText } from '../chat/error-text.ts'
import { config } from '../config.ts'
import { addressOf } from '../deployments/show-state.ts'
import { ScrollBox } from '../ui/scroll-box.tsx'
import { Section } from './section.tsx'

type FailingThingProps = { snapshot: StuckSnapshot; previewHost: Host | null }

/** The last errors, whole: what went wrong is here before it is anywhere else. */
export function FailingThing({ snapshot, previewHost }: FailingThingProps) {
  const { errors, run_error } = snapshot
  const shown = errors.slice(-3).toReversed()
  if (shown.length === 0 && !run_error && !previewHost) return null
  return (
    <Section title="What fails" className="order-1">
      <div className="flex flex-col gap-3">
        {run_error && <OneError number={0} where="The run" message={errorText(run_error)} />}
        {shown.map(({ where, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: it never changes
          <OneError key={index} number={index + 1} where={where} message={message} />
        ))}
        {previewHost && (
          <a
            href={addressOf(previewHost, config.previewUrl)}
            target="_blank"
            rel="noreferrer"
            className="self-start rounded-sm underline underline-offset-2"
          >
            Open the preview
          </a>
        )}
      </div>
    </Section>
  )
}

type OneErrorProps = { number: number; where: string; message: string }

function OneError({ number, where, message }: OneErrorProps) {
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <p className="border-b border-line bg-bad-soft px-3 py-1.5 font-mono text-xs text-bad-text wrap-anywhere">
        {where}
      </p>
      <ScrollBox
        label={number === 0 ? `Error of ${where}` : `Error ${number}, of ${where}`}
        className="max-h-64 overflow-auto p-3"
      >
        <pre className="font-mono text-xs whitespace-pre-wrap wrap-anywhere">{message}</pre>
      </ScrollBox>
    </div>
  )
}
