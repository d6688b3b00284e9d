import { useQuery } from '@tanstack/react-query'
import { AppWindow, CodeXml, FileDiff, ListTree, PanelRightClose, Rocket } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { projectFeed } from '../projects/project-feed.ts'
import { RunsTab } from '../runs/runs-tab.tsx'
import { Callout } from '../ui/callout.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { ChangesTab } from './changes-tab.tsx'
import { CodeTab } from './code-tab.tsx'
import { CodeSkeleton, prefetchEditor } from './editor/index.tsx'
import { type Tab, usePlace } from './place.ts'
import { usePlaceInAddress } from './place-in-address.ts'

/** `onHide` puts it away, where it stands beside something else. */
type WorkbenchProps = { projectId: string; chatId?: string | undefined; onHide(): void }

/** Beside the chat: the app, its files, what changed in them, the runs that changed them, and what was published. */
export function Workbench({ projectId, chatId, onHide }: WorkbenchProps) {
  const status = useFeed(projectFeed(projectId))
  const project = useQuery(snapshotQuery(projectFeed(projectId))).data
  useEffect(prefetchEditor, [])
  if (project) return <LoadedWorkbench key={projectId} project={project} chatId={chatId} onHide={onHide} />
  if (status.state === 'failed' || status.state === 'denied' || status.state === 'offline') {
    return (
      <div className="p-4">
        <Callout tone="bad">
          The files could not be loaded.{' '}
          {status.error ? sentenceOf(status.error) : 'They come as soon as the connection is back.'}
        </Callout>
      </div>
    )
  }
  return <CodeSkeleton className="pt-12" />
}

const PreviewTab = lazy(() =>
  import('../preview/preview-tab.tsx').then(({ PreviewTab }) => ({ default: PreviewTab })),
)
const DeploymentsTab = lazy(() =>
  import('../deployments/deployments-tab.tsx').then(({ DeploymentsTab }) => ({ default: DeploymentsTab })),
)

const TABS: { tab: Tab; label: string; icon: typeof CodeXml }[] = [
  { tab: 'preview', label: 'Preview', icon: AppWindow },
  { tab: 'code', label: 'Code', icon: CodeXml },
  { tab: 'changes', label: 'Changes', icon: FileDiff },
  { tab: 'runs', label: 'Runs', icon: ListTree },
  { tab: 'deployments', label: 'Deployments', icon: Rocket },
]

type LoadedProps = { project: ProjectSnapshot; chatId: string | undefined; onHide(): void }

function LoadedWorkbench({ project, chatId, onHide }: LoadedProps) {
  const [place, go] = usePlace(project.project.id)
  usePlaceInAddress(project.project.id)
  const hasPreview = useOnceTrue(place.tab === 'preview')
  return (
    <Tabs.Root
      value={place.tab}
      onValueChange={(tab) => go({ tab: tab as Tab })}
      className="@container flex h-full min-h-0 flex-col bg-surface"
    >
      <div className="flex h-10 shrink-0 items-stretch border-b border-line px-2">
        <Tabs.List aria-label="Workbench" className="flex min-w-0 flex-1 items-stretch gap-1 overflow-x-auto">
          {TABS.map(({ tab, label, icon: Glyph }) => (
            <Tabs.Trigger
              key={tab}
              value={tab}
              className="-mb-px inline-flex items-center gap-2 border-b-2 border-transparent px-2.5 text-muted -outline-offset-2 hover:text-text @max-lg:px-2 data-[state=active]:border-text data-[state=active]:font-medium data-[state=active]:text-text"
            >
              <Glyph className="size-4 @max-lg:hidden" aria-hidden />
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tooltip label="Hide the workbench" side="bottom">
          <IconButton label="Hide the workbench" onClick={onHide} className="self-center max-xl:hidden">
            <PanelRightClose className="size-4" aria-hidden />
          </IconButton>
        </Tooltip>
      </div>
      <Tabs.Content
        value="preview"
        tabIndex={-1}
        {...(hasPreview ? { forceMount: true } : {})}
        className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
      >
        <Suspense>
          <PreviewTab project={project} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="code" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        <CodeTab project={project} chatId={chatId} />
      </Tabs.Content>
      <Tabs.Content value="changes" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        <ChangesTab project={project} />
      </Tabs.Content>
      <Tabs.Content value="runs" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        <RunsTab project={project} />
      </Tabs.Content>
      <Tabs.Content value="deployments" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        <Suspense>
          <DeploymentsTab project={project} />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  )
}

/** A preview that was looked at stays as it is behind the other tabs, with all that was done in it. */
function useOnceTrue(isTrue: boolean): boolean {
  const [was, setWas] = useState(isTrue)
  if (isTrue && !was) setWas(true)
  return was || isTrue
}
