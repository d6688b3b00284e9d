import { Hammer, MonitorX, Rocket } from 'lucide-react'
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react'
import type { Build, Deployment, Host, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { addressOf, previewStateOf, type Shown, shownOf } from '../deployments/show-state.ts'
import { goInWorkbench } from '../files/place.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { onPreviewAsked, type PreviewDeed } from './ask-preview.ts'
import { BelowPreview } from './below-preview.tsx'
import { FixBuildButton } from './fix-build-button.tsx'
import { LastGoodNotice } from './last-good-notice.tsx'
import { PreviewBar } from './preview-bar.tsx'
import { PreviewFrame } from './preview-frame.tsx'
import { checkedBuild, problemsOf } from './problems.ts'
import { FailedBuild } from './problems-panel.tsx'
import { QrDialog } from './qr-dialog.tsx'
import { type PanelName, StatusLine } from './status-line.tsx'
import { useAnswerAgent } from './use-answer-agent.ts'
import { usePreviewPage } from './use-preview-page.ts'
import { useTellErrors } from './use-tell-errors.ts'

/** Reads source code, with the parser of the editor. */
const PointPanel = lazy(() =>
  import('./point/point-panel.tsx').then(({ PointPanel }) => ({ default: PointPanel })),
)

/** The app as it is now, beside the chat that makes it. */
export function PreviewTab({ project }: { project: ProjectSnapshot }) {
  const shown = shownOf(project, 'preview')
  const state = previewStateOf(shown)
  if (state.state === 'shown') {
    return <Live project={project} shown={shown} host={state.host} deployment={state.deployment} />
  }
  if (state.state === 'broken') return <NeverBuilt project={project} build={state.build} />
  return <FirstBuild project={project} underWay={shown.underWay} />
}

type LiveProps = { project: ProjectSnapshot; shown: Shown; host: Host; deployment: Deployment }

function Live({ project, shown, host, deployment }: LiveProps) {
  const address = addressOf(host, config.previewUrl)
  const link = usePreviewPage(address)
  const [panel, setPanel] = useState<PanelName | null>(null)
  const { page, change } = link
  const projectId = project.project.id
  const problems = problemsOf(project, shown, page.log)
  const isSilent = useSilence(page.isReady, link.frameKey)
  useTellErrors(projectId, link)
  useAnswerAgent(project, link)
  const [isShowingCode, setIsShowingCode] = useState(false)
  const act = useEffectEvent((deed: PreviewDeed) => {
    if (deed === 'reload') link.reload()
    else if (deed === 'pick') link.send({ type: 'pick', on: true })
    else if (deed === 'code') setIsShowingCode(true)
    else setPanel(deed)
  })
  useEffect(() => onPreviewAsked((deed) => act(deed)), [])
  const showBuild = (buildId: string) => goInWorkbench(projectId, { tab: 'deployments', buildId })
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-preview-version={page.version}>
      <PreviewBar
        link={link}
        host={host}
        address={address}
        onShowCode={() => setIsShowingCode(true)}
        mayPick={page.isReady && project.project.archived_at === null}
      />
      {shown.failed && (
        <LastGoodNotice
          project={project}
          failed={shown.failed}
          deployment={deployment}
          onShow={() => setPanel('problems')}
        />
      )}
      {isSilent && (
        <Callout
          className="rounded-none border-b border-line"
          action={<Button onClick={link.reload}>Load again</Button>}
        >
          The preview does not answer. Its host may be starting, or the app keeps the browser busy.
        </Callout>
      )}
      <PreviewFrame link={link} address={address} title={`Preview of ${project.project.name}`} />
      {page.picked && (
        <Suspense>
          <PointPanel
            key={`${page.picked.selector} ${page.picked.source?.file} ${page.picked.source?.line}`}
            project={project}
            element={page.picked}
            builtVersion={page.version}
            onPickAgain={() => link.send({ type: 'pick', on: true })}
            onClose={() => change({ type: 'unpicked' })}
          />
        </Suspense>
      )}
      {panel && (
        <BelowPreview
          panel={panel}
          project={project}
          problems={problems}
          checked={checkedBuild(project, shown)}
          newest={project.builds.find(({ kind }) => kind === 'preview') ?? null}
          page={page}
          change={change}
          onShowBuild={showBuild}
          onClose={() => setPanel(null)}
        />
      )}
      {isShowingCode && <QrDialog address={address + page.path} onClose={() => setIsShowingCode(false)} />}
      <StatusLine shown={shown} page={page} problems={problems.count} panel={panel} onPanel={setPanel} />
    </div>
  )
}

const PATIENCE = 8_000

/** True when a page that was asked for has not said a word for too long. */
function useSilence(isReady: boolean, frameKey: number): boolean {
  const [isSilent, setIsSilent] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another frame is waited for anew
  useEffect(() => {
    setIsSilent(false)
    if (isReady) return
    const timer = setTimeout(() => setIsSilent(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [isReady, frameKey])
  return isSilent && !isReady
}

function FirstBuild({ project, underWay }: { project: ProjectSnapshot; underWay: Build | null }) {
  const isEmpty = project.version === 0
  if (underWay || !isEmpty) {
    return (
      <div
        className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 text-muted"
        role="status"
      >
        <Hammer className="size-8 text-faint" aria-hidden />
        <p className="flex items-center gap-2">
          <Spinner className="text-live-text" />
          {underWay?.state === 'running'
            ? 'The first preview is being built'
            : 'The first preview is about to be built'}
        </p>
        {!underWay && <BuildNow projectId={project.project.id} />}
      </div>
    )
  }
  return (
    <EmptyState icon={<Rocket className="size-8" aria-hidden />} title="Nothing to see yet">
      As soon as there are files, the app appears here by itself, and changes while they change.
    </EmptyState>
  )
}

function BuildNow({ projectId }: { projectId: string }) {
  return (
    <Button
      onClick={() =>
        void attempt('No build was requested.', () => rpc('request_build', { project_id: projectId }))
      }
    >
      Build now
    </Button>
  )
}

/** Not one build has succeeded, so there is nothing to show but what is wrong. */
function NeverBuilt({ project, build }: { project: ProjectSnapshot; build: Build }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <EmptyState
        icon={<MonitorX className="size-8" aria-hidden />}
        title="There is no preview yet"
        action={
          <>
            <FixBuildButton project={project} build={build} />
            <BuildNow projectId={project.project.id} />
          </>
        }
      >
        What is there does not build. As soon as it does, the app appears here.
      </EmptyState>
      <div className="mx-auto max-w-2xl p-4">
        <FailedBuild projectId={project.project.id} build={build} fixButton={() => null} />
      </div>
    </div>
  )
}
