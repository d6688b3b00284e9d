import { CircleAlert, CircleCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Domain, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Field } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { typed, useForm } from '../use-form.ts'
import { usePublishRight } from './rights.ts'

/** Addresses of one's own for what is published. */
export function DomainsSection({ project }: { project: ProjectSnapshot }) {
  const { may, whyNot } = usePublishRight(project)
  return (
    <section aria-label="Domains" className="flex flex-col gap-4 p-3">
      <p className="text-muted">
        What is published can be seen at an address of your own. To show that it is yours, you add a record to
        it at the place where you bought it.
      </p>
      {project.domains.map((domain) => (
        <DomainCard key={domain.domain} domain={domain} may={may} />
      ))}
      {may ? <AddDomain projectId={project.project.id} /> : <Callout>{whyNot}</Callout>}
    </section>
  )
}

function AddDomain({ projectId }: { projectId: string }) {
  const [count, setCount] = useState(0)
  const form = useForm(async (values) => {
    await rpc('set_domain', { project_id: projectId, domain: typed(values, 'domain') })
    setCount((before) => before + 1)
  })
  return (
    <form key={count} onSubmit={form.onSubmit}>
      <Field label="Domain" hint="Such as app.example.com" error={form.error && sentenceOf(form.error)}>
        {(control) => (
          <span className="flex gap-2">
            <TextInput
              {...control}
              name="domain"
              required
              autoComplete="off"
              spellCheck={false}
              inputMode="url"
            />
            <Button type="submit" className="h-9 pointer-coarse:h-11" pending={form.pending}>
              Add
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}

function DomainCard({ domain, may }: { domain: Domain; may: boolean }) {
  const { project_id, domain: name, state } = domain
  const check = () =>
    attempt(`${name} is not checked.`, () => rpc('verify_domain', { project_id, domain: name }))
  const remove = () =>
    attempt(`${name} was not removed.`, () => rpc('remove_domain', { project_id, domain: name }))
  return (
    <article aria-label={name} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <header className="flex items-center gap-2">
        <h3 className="min-w-0 flex-1 font-mono text-xs font-semibold wrap-anywhere">{name}</h3>
        <DomainState domain={domain} />
        {may && (
          <IconButton label={`Remove ${name}`} onClick={() => void remove()} className="size-7">
            <Trash2 className="size-4" aria-hidden />
          </IconButton>
        )}
      </header>
      {state !== 'verified' && (
        <>
          <ol className="flex list-decimal flex-col gap-3 pl-5 text-muted">
            <li>
              Add a TXT record to the domain:
              <div className="mt-1.5 flex flex-col gap-2 text-text">
                <CopyField label="Name of the record" value={domain.record_name} />
                <CopyField label="Content of the record" value={domain.record_value} />
              </div>
            </li>
            <li>
              Let the domain itself point here, with a CNAME or A record as whoever runs this Baton says.
            </li>
            <li>
              Then have it checked. Records can take some minutes, at times hours, to be seen everywhere.
            </li>
          </ol>
          {domain.problem && <Callout tone="need">{domain.problem}</Callout>}
          {may && (
            <Button className="self-start" pending={state === 'checking'} onClick={() => void check()}>
              Check now
            </Button>
          )}
        </>
      )}
      {domain.checked_at && (
        <p className="text-xs text-faint">
          Checked <TimeAgo at={domain.checked_at} />
        </p>
      )}
    </article>
  )
}

function DomainState({ domain: { state } }: { domain: Domain }) {
  switch (state) {
    case 'verified':
      return (
        <Badge>
          <CircleCheck className="size-3.5" aria-hidden />
          Verified
        </Badge>
      )
    case 'checking':
      return (
        <Badge tone="live">
          <Spinner className="size-3.5" />
          Checking
        </Badge>
      )
    case 'failed':
      return (
        <Badge tone="bad">
          <CircleAlert className="size-3.5" aria-hidden />
          Not found
        </Badge>
      )
    case 'waiting':
      return <Badge tone="need">Waits for its record</Badge>
  }
}
