/** One click that is not the app's: shows what is under the pointer, and tells the pane which element was chosen. */
import { describeElement, pickable } from './described-element.ts'
import { componentsOf, fiberOf } from './fibers.ts'
import type { Pane } from './pane.ts'

export type Picking = { set(on: boolean): void }

const SWALLOWED = [
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'dblclick',
  'contextmenu',
  'touchstart',
  'touchend',
]

export function createPicking(pane: Pane): Picking {
  let marker: Marker | undefined

  const swallow = (event: Event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const move = ({ clientX, clientY }: PointerEvent) => {
    const element = elementAt(clientX, clientY)
    if (element) marker?.show(element)
  }
  const choose = (event: MouseEvent) => {
    swallow(event)
    const element = elementAt(event.clientX, event.clientY)
    set(false)
    if (element) pane.tell({ type: 'picked', element: describeElement(element) })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    swallow(event)
    set(false)
  }

  const set = (on: boolean) => {
    if (on === (marker !== undefined)) return
    const change = on ? window.addEventListener : window.removeEventListener
    for (const name of SWALLOWED)
      change(name, swallow, { capture: true, passive: false } as AddEventListenerOptions)
    change('pointermove', move as EventListener, true)
    change('click', choose as EventListener, true)
    change('keydown', onKey as EventListener, true)
    if (on) marker = createMarker()
    else {
      marker?.remove()
      marker = undefined
    }
    pane.tell({ type: 'picking', on })
  }
  return { set }
}

function elementAt(x: number, y: number): Element | null {
  const element = document.elementFromPoint(x, y)
  return element && element !== document.documentElement ? pickable(element) : null
}

type Marker = { show(element: Element): void; remove(): void }

const FRAME = `position:fixed;z-index:2147483647;pointer-events:none;box-sizing:border-box;border:2px solid #4f46e5;
background:rgb(79 70 229/.12);border-radius:3px`
const LABEL = `position:absolute;left:-2px;top:100%;max-width:60vw;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;
font:12px/1.6 ui-monospace,monospace;color:#fff;background:#4f46e5;padding:0 6px;border-radius:0 0 3px 3px`

/** In a shadow of its own, so that the app's styles and selectors do not meet it. */
function createMarker(): Marker {
  const host = document.createElement('baton-marker')
  host.setAttribute('aria-hidden', 'true')
  const frame = document.createElement('div')
  const label = document.createElement('div')
  frame.style.cssText = `${FRAME};display:none`
  label.style.cssText = LABEL
  frame.append(label)
  host.attachShadow({ mode: 'closed' }).append(frame)
  document.documentElement.append(host)
  return {
    show(element) {
      const { left, top, width, height } = element.getBoundingClientRect()
      Object.assign(frame.style, {
        display: 'block',
        left: `${left}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${height}px`,
      })
      const [component] = componentsOf(fiberOf(element))
      label.textContent = `${component ? `${component.name} ` : ''}<${element.tagName.toLowerCase()}>`
    },
    remove: () => host.remove(),
  }
}
