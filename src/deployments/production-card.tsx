import { ExternalLink, Globe, GlobeLock } from 'lucide-react'
import { useState } from 'react'
import type { Build, Deployment, Host, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { goInWorkbench } from '../files/place.ts'
import { seenName } from '../teams/seen-names.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { sizeText } from '../ui/size.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { BuildStateBadge } from './build-state.tsx'
import { reasonOf } from './format.ts'
import { PublishButton } from './publish-button.tsx'
import { usePublishRight } from './rights.ts'
import { addressOf, shownOf } from './show-state.ts'
import { useProduction } from './use-production.ts'

type ProductionCardProps = { project: ProjectSnapshot; onDomains(): void }

/** What the world sees now, at which address, and who put it there. */
export function ProductionCard({ project, onDomains }: ProductionCardProps) {
  const { host, deployment, underWay, failed } = shownOf(project, 'production')
  const verified = project.domains.filter(({ state }) => state === 'verified')
  return (
    <section aria-label="Production" className="flex shrink-0 flex-col gap-2 p-3">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="flex min-w-0 flex-1 items-center gap-2 font-medium">
          {deployment ? (
            <Globe className="size-4 shrink-0 text-muted" aria-hidden />
          ) : (
            <GlobeLock className="size-4 shrink-0 text-muted" aria-hidden />
          )}
          {deployment ? `Version ${deployment.version} is published` : 'Not published'}
          {underWay && <BuildStateBadge build={underWay} />}
        </h2>
        <PublishButton project={project} />
        {deployment && <UnpublishButton project={project} />}
      </header>
      {failed && !underWay && <FailedPublishing projectId={project.project.id} build={failed} />}
      {host && deployment ? (
        <>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Address href={addressOf(host, config.previewUrl)} />
            {verified.map(({ domain }) => (
              <Address key={domain} href={`https://${domain}`} />
            ))}
            {verified.length === 0 && (
              <button
                type="button"
                onClick={onDomains}
                className="text-xs text-muted underline underline-offset-3"
              >
                Use a domain of your own
              </button>
            )}
          </p>
          <About deployment={deployment} host={host} />
        </>
      ) : (
        <p className="text-muted">
          Only people publish: what the agent changes is seen in the preview alone, until one of you puts it
          here.
        </p>
      )}
    </section>
  )
}

function FailedPublishing({ projectId, build }: { projectId: string; build: Build }) {
  const show = () => goInWorkbench(projectId, { tab: 'deployments', buildId: build.id })
  return (
    <Callout tone="bad" action={<Button onClick={show}>See why</Button>}>
      Version {build.version} was not published. {reasonOf(build)}.
    </Callout>
  )
}

function Address({ href }: { href: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex max-w-full items-center gap-1.5 font-mono text-xs underline decoration-line-strong underline-offset-3 hover:decoration-text"
    >
      <span className="truncate">{href.replace(/^https?:\/\//, '')}</span>
      <ExternalLink className="size-3.5 shrink-0" aria-hidden />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  )
}

function About({ deployment, host }: { deployment: Deployment; host: Host }) {
  const who = deployment.created_by ? (seenName(deployment.created_by) ?? 'Someone who left') : null
  const isRolledBack =
    host.updated_at > deployment.created_at &&
    Date.parse(host.updated_at) - Date.parse(deployment.created_at) > 2_000
  return (
    <p className="tabular flex flex-wrap gap-x-3 gap-y-1 text-xs text-muted">
      {who && <span>built for {who}</span>}
      <span>
        <TimeAgo at={deployment.created_at} />
      </span>
      <span>
        {deployment.file_count} files, {sizeText(deployment.size)}
        {deployment.compressed_size !== null && ` (${sizeText(deployment.compressed_size)} sent)`}
      </span>
      {isRolledBack && (
        <Badge>
          put here <TimeAgo at={host.updated_at} />
        </Badge>
      )}
    </p>
  )
}

function UnpublishButton({ project }: { project: ProjectSnapshot }) {
  const [isAsking, setIsAsking] = useState(false)
  const { unpublish } = useProduction(project)
  const { may } = usePublishRight(project)
  if (!may) return null
  return (
    <>
      <button
        type="button"
        className={buttonClass('quiet')}
        aria-disabled={unpublish.isPending || undefined}
        onClick={() => !unpublish.isPending && setIsAsking(true)}
      >
        Unpublish
      </button>
      {isAsking && (
        <ConfirmDialog
          title="Take the app off the web?"
          action="Unpublish"
          onConfirm={() => unpublish.mutate()}
          onClose={() => setIsAsking(false)}
        >
          Its address then shows nothing, to anybody. The record stays, so that any version can be put back
          with one click.
        </ConfirmDialog>
      )}
    </>
  )
}
