/** What Baton adds to a preview, before anything of the app's own runs. Production never has it. */
import type { ToPreview } from '../messages.ts'
import { catchEverything } from './catching.ts'
import { noteElements } from './fibers.ts'
import { createFrameMaps } from './frame-maps.ts'
import { lendStorage } from './frame-storage.ts'
import { startModules } from './modules.ts'
import { followNavigation, presentPath, presentTitle } from './navigation.ts'
import { outlineOf } from './outline.ts'
import { readPageData } from './page-data.ts'
import { firstPainted } from './painted.ts'
import { openPane } from './pane.ts'
import { createPicking } from './picking.ts'
import { sinceWrite } from './reload.ts'
import { followUpdates } from './updates.ts'

lendStorage()
const { appOrigins, deployment, version, graph } = readPageData()
const showing = { deployment, version }
const pane = openPane(appOrigins)
const catching = catchEverything(pane, createFrameMaps(), () => showing.deployment)
noteElements()
const modules = startModules(graph, () => location.reload())
const picking = createPicking(pane)

const introduce = () => pane.tell({ type: 'ready', ...showing, path: presentPath(), title: presentTitle() })

type Wish<Type> = Extract<ToPreview, { type: Type }>
const obey: { [Type in ToPreview['type']]: (wish: Wish<Type>) => void } = {
  hello() {
    introduce()
    updates.introduce()
    catching.replay()
  },
  go: ({ path }) => location.assign(path),
  back: () => history.back(),
  forward: () => history.forward(),
  reload: () => location.reload(),
  pick: ({ on }) => picking.set(on),
  outline: ({ request }) => pane.tell({ type: 'outline', request, ...outlineOf(document.body) }),
}

pane.listen((message) => (obey[message.type] as (wish: ToPreview) => void)(message))
introduce()
followNavigation(pane)
const updates = followUpdates(showing, modules, pane, catching)
if (deployment) {
  void firstPainted().then(() => {
    const ms = sinceWrite(deployment)
    pane.tell({ type: 'visible', ...showing, how: ms === null ? 'opened' : 'reloaded', ms, modules: 0 })
  })
}
