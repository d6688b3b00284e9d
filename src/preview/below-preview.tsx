import { Eraser, X } from 'lucide-react'
import type { Build, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { BuildPanel } from './build-panel.tsx'
import { ConsolePanel } from './console-panel.tsx'
import type { PageChange, PreviewPage } from './preview-page.ts'
import type { Problems } from './problems.ts'
import { ProblemsPanel } from './problems-panel.tsx'
import type { PanelName } from './status-line.tsx'

type BelowProps = {
  panel: PanelName
  project: ProjectSnapshot
  problems: Problems
  checked: Build | null
  newest: Build | null
  page: PreviewPage
  change(change: PageChange): void
  onShowBuild(buildId: string): void
  onClose(): void
}

const TITLES: Record<PanelName, string> = { problems: 'Problems', console: 'Console', build: 'Build log' }

/** What is opened below the preview: its problems, its console, or the log of its newest build. */
export function BelowPreview(props: BelowProps) {
  const { panel, project, problems, checked, newest, page, change, onShowBuild, onClose } = props
  const clear = () => {
    change({ type: 'cleared', what: panel === 'console' ? 'lines' : 'errors' })
    if (panel === 'problems' && project.preview_errors.length > 0)
      void attempt('The errors were not put away.', () =>
        rpc('clear_preview_errors', { project_id: project.project.id }),
      )
  }
  const mayClear = panel === 'console' ? page.log.lines.length > 0 : problems.faults.length > 0
  return (
    <section
      aria-label={TITLES[panel]}
      className="flex h-2/5 max-h-96 min-h-40 shrink-0 flex-col border-t border-line"
    >
      <header className="flex h-9 shrink-0 items-center gap-1 pr-1 pl-3">
        <h2 className="flex-1 text-xs font-medium text-muted">{TITLES[panel]}</h2>
        {mayClear && panel !== 'build' && (
          <Tooltip label="Clear">
            <IconButton label="Clear" onClick={clear} className="size-7">
              <Eraser className="size-4" aria-hidden />
            </IconButton>
          </Tooltip>
        )}
        <IconButton label={`Close: ${TITLES[panel]}`} onClick={onClose} className="size-7">
          <X className="size-4" aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {panel === 'problems' && (
          <ProblemsPanel project={project} problems={problems} checked={checked} log={page.log} />
        )}
        {panel === 'console' && <ConsolePanel project={project} log={page.log} />}
        {panel === 'build' && <BuildPanel build={newest} onShow={onShowBuild} />}
      </div>
    </section>
  )
}
