import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { PROTOCOL_VERSION } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Logo } from '../ui/logo.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import type { PartHealth } from './health.ts'
import { aboutQuery, healthQuery, metricsQuery } from './queries.ts'

/** For the operator. It stands alone, so that it works when hardly anything else does. */
export function SystemPage() {
  usePageTitle('System')
  return (
    <div className="flex min-h-full flex-col bg-surface">
      <header className="flex h-12 items-center gap-3 border-b border-line px-4">
        <Logo />
        <h1 className="flex-1 font-semibold">System</h1>
        <Link to="/" className={buttonClass()}>
          Back to Baton
        </Link>
      </header>
      <main className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-6 py-8 max-md:px-4">
        <Parts />
        <Facts />
        <Requests />
      </main>
    </div>
  )
}

function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="font-semibold">{title}</h2>
        {aside && <span className="text-xs text-faint">{aside}</span>}
      </div>
      {children}
    </section>
  )
}

function Parts() {
  const { data, error, isPending, refetch } = useQuery(healthQuery)
  return (
    <Section title="Parts" aside={data && 'asked every 3 seconds'}>
      {isPending && <Skeleton className="h-24 w-full" />}
      {error && (
        <Callout tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
          {sentenceOf(toBatonError(error))}
        </Callout>
      )}
      {data === null && !error && (
        <Callout>The API at this address does not tell how its parts are; its own dashboard does.</Callout>
      )}
      {data && !error && (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {data.parts.map((part) => (
            <PartRow key={part.name} part={part} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function PartRow({ part }: { part: PartHealth }) {
  return (
    <li className="flex items-center gap-2.5 px-3 py-2">
      {part.isUp ? (
        <CircleCheck className="size-4 shrink-0 text-muted" aria-hidden />
      ) : (
        <CircleAlert className="size-4 shrink-0 text-bad-text" aria-hidden />
      )}
      <span className="font-medium capitalize">{part.name}</span>
      <span className={part.isUp ? 'text-muted' : 'text-bad-text'}>{part.isUp ? 'up' : 'down'}</span>
      <span className="min-w-0 flex-1 text-muted wrap-anywhere">{part.detail}</span>
      {part.latencyMs !== null && <span className="font-mono text-xs text-muted">{part.latencyMs} ms</span>}
    </li>
  )
}

function Facts() {
  const { data, error } = useQuery(aboutQuery)
  const unknown = error ? 'does not answer' : '…'
  const isOther = data !== undefined && data.protocolVersion !== PROTOCOL_VERSION
  return (
    <Section title="Versions and model">
      <dl className="grid grid-cols-[8rem_1fr] gap-y-2 rounded-lg border border-line p-3">
        <Fact name="Model">{data?.model.label ?? unknown}</Fact>
        <Fact name="This page">{config.version || 'unknown'}</Fact>
        <Fact name="Functions">{data?.version ?? unknown}</Fact>
        <Fact name="Protocol">
          {isOther ? `${PROTOCOL_VERSION} here, ${data.protocolVersion} in the functions` : PROTOCOL_VERSION}
        </Fact>
        <Fact name="API">
          <code className="font-mono text-xs wrap-anywhere">{config.apiUrl}</code>
        </Fact>
      </dl>
      {isOther && (
        <Callout tone="need">This page and the functions are of different versions: reload the page.</Callout>
      )}
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

const NUMBER = new Intl.NumberFormat()

function Requests() {
  const { data } = useQuery(metricsQuery)
  if (!data || data.length === 0) return null
  return (
    <Section title="Requests" aside="since the API was started">
      <div className="overflow-x-auto rounded-lg border border-line">
        <table className="tabular w-full text-left">
          <thead className="text-xs text-muted">
            <tr className="border-b border-line *:px-3 *:py-2 *:font-normal">
              <th scope="col">Route</th>
              <th scope="col" className="text-right">
                Requests
              </th>
              <th scope="col" className="text-right">
                Faults
              </th>
              <th scope="col" className="text-right">
                Mean
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {data.map(({ route, requests, faults, meanMs }) => (
              <tr key={route} className="*:px-3 *:py-2">
                <th scope="row" className="font-mono text-xs font-normal">
                  {route}
                </th>
                <td className="text-right">{NUMBER.format(requests)}</td>
                <td className={faults > 0 ? 'text-right text-bad-text' : 'text-right'}>
                  {NUMBER.format(faults)}
                </td>
                <td className="text-right font-mono text-xs">{meanMs.toFixed(1)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
