import {
  AppWindow,
  CodeXml,
  Download,
  FileArchive,
  FileDiff,
  GitFork,
  ListTree,
  Monitor,
  MousePointerClick,
  QrCode,
  Rocket,
  RotateCw,
  Smartphone,
  Tablet,
  Terminal,
  TriangleAlert,
} from 'lucide-react'
import { askToPublish } from '../deployments/ask-to-publish.ts'
import type { Tab } from '../files/place.ts'
import { askPreview, type PreviewDeed } from '../preview/ask-preview.ts'
import { setWidth } from '../preview/widths.ts'
import { exportZip } from '../projects/export-zip.ts'
import { showTab } from '../projects/pane.ts'
import { useOpenPlace, useProjectIfLoaded } from '../projects/project.ts'
import { useShell } from '../shell/shell-context.ts'
import type { ShortcutName } from './shortcuts.ts'
import type { Command } from './use-commands.ts'

const TABS: [Tab, string, typeof AppWindow, ShortcutName][] = [
  ['preview', 'Preview', AppWindow, 'go-preview'],
  ['code', 'Code', CodeXml, 'go-code'],
  ['changes', 'Changes', FileDiff, 'go-changes'],
  ['runs', 'Runs', ListTree, 'go-runs'],
  ['deployments', 'Deployments', Rocket, 'go-deployments'],
]

const DEEDS: [PreviewDeed, string, typeof AppWindow][] = [
  ['reload', 'Reload the preview', RotateCw],
  ['pick', 'Pick an element of the preview', MousePointerClick],
  ['problems', 'Show the problems of the preview', TriangleAlert],
  ['console', 'Show the console of the preview', Terminal],
  ['build', 'Show the log of the last build', Terminal],
  ['code', 'Open the preview on a phone', QrCode],
]

/** What can be done with the app of the project that is open. */
export function useWorkbenchCommands(): Command[] {
  const { projectId } = useOpenPlace()
  const project = useProjectIfLoaded(projectId)
  const { openDialog } = useShell()
  if (!project || !projectId) return []
  const app = (id: string, title: string, icon: typeof AppWindow, run: () => void): Command => ({
    id,
    group: 'App',
    title,
    icon,
    run,
  })
  const inPreview = (deed: PreviewDeed) => () => {
    showTab(projectId, 'preview')
    askPreview(deed)
  }
  return [
    { ...app('publish', 'Publish', Rocket, askToPublish), shortcut: 'publish' },
    ...TABS.map(([tab, title, icon, shortcut]) => ({
      ...app(`tab-${tab}`, title, icon, () => showTab(projectId, tab)),
      shortcut,
    })),
    ...DEEDS.map(([deed, title, icon]) => app(`preview-${deed}`, title, icon, inPreview(deed))),
    app('width-phone', 'Preview as wide as a phone', Smartphone, () => setWidth('phone')),
    app('width-tablet', 'Preview as wide as a tablet', Tablet, () => setWidth('tablet')),
    app('width-full', 'Preview as wide as there is room', Monitor, () => setWidth('full')),
    app('fork', `Fork ${project.project.name}`, GitFork, () => openDialog('fork')),
    app('export', `Export ${project.project.name} as zip`, Download, () => void exportZip(project)),
    ...(project.project.archived_at === null
      ? [app('import', 'Import a zip into this project', FileArchive, () => openDialog('import'))]
      : []),
  ]
}
