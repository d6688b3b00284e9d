import { CircleAlert, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Shown } from '../deployments/show-state.ts'
import { classes } from '../ui/classes.ts'
import { durationText } from '../ui/duration.ts'
import { Noted } from '../ui/noted.tsx'
import { Spinner } from '../ui/spinner.tsx'
import type { PreviewPage, Visible } from './preview-page.ts'

export const PANELS = ['problems', 'console', 'build'] as const
export type PanelName = (typeof PANELS)[number]

type StatusLineProps = {
  shown: Shown
  page: PreviewPage | null
  problems: number
  panel: PanelName | null
  onPanel(panel: PanelName | null): void
}

/** How the preview is doing, in one line, and what can be opened below it. */
export function StatusLine({ shown, page, problems, panel, onPanel }: StatusLineProps) {
  const unread = page?.log.lines.length ?? 0
  const counts: Record<PanelName, number> = { problems, console: unread, build: 0 }
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-1 border-t border-line px-1">
      <p role="status" className="flex min-w-0 flex-1 basis-40 items-center gap-2 px-2 text-xs text-muted">
        <State shown={shown} page={page} />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: these open parts of the page, and are no part of a form */}
      <div role="group" aria-label="Below the preview" className="flex items-center">
        {PANELS.map((name) => (
          <button
            key={name}
            type="button"
            aria-expanded={panel === name}
            onClick={() => onPanel(panel === name ? null : name)}
            className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-text aria-expanded:bg-hover aria-expanded:text-text pointer-coarse:h-10"
          >
            {LABELS[name]}
            {counts[name] > 0 && (
              <span
                className={classes(
                  'tabular rounded-sm px-1 font-medium',
                  name === 'problems' ? 'bg-bad-soft text-bad-text' : 'bg-sunken',
                )}
              >
                {counts[name]}
              </span>
            )}
          </button>
        ))}
      </div>
    </div>
  )
}

const LABELS: Record<PanelName, string> = { problems: 'Problems', console: 'Console', build: 'Build log' }

function State({ shown: { underWay, failed }, page }: Pick<StatusLineProps, 'shown' | 'page'>): ReactNode {
  if (underWay)
    return (
      <>
        <Spinner className="size-3.5 text-live-text" />
        <span className="truncate">{underWay.state === 'running' ? 'Builds' : 'Waits to be built'}</span>
      </>
    )
  if (failed)
    return (
      <>
        <CircleAlert className="size-3.5 shrink-0 text-bad-text" aria-hidden />
        <span className="truncate text-bad-text">The newest version does not build</span>
      </>
    )
  if (page?.connection === 'offline')
    return (
      <>
        <Unplug className="size-3.5 shrink-0" aria-hidden />
        <span className="truncate">Not live at the moment; changes come with the connection</span>
      </>
    )
  if (page?.visible) return <Measured visible={page.visible} />
  return null
}

const HOW: Record<Visible['how'], string> = {
  opened: 'Opened',
  hot: 'Updated in place, state kept',
  reloaded: 'Loaded anew, since the change could not be put in place',
}

/** From the moment when the last change of a file was stored to the moment when this browser had painted it. */
function Measured({ visible: { ms, how, version, modules } }: { visible: Visible }) {
  const note = `${HOW[how]}${how === 'hot' && modules > 0 ? ` (${modules} ${modules === 1 ? 'module' : 'modules'})` : ''}. Version ${version}.`
  return (
    <>
      <span aria-hidden className="size-2 shrink-0 rounded-full bg-live" />
      <Noted note={note} className="tabular truncate">
        {ms === null ? 'Up to date' : `Visible ${durationText(ms)} after the last write`}
      </Noted>
    </>
  )
}
