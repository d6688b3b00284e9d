import type { PickedElement } from '../messages.ts'
import { componentsOf, fiberOf, sourceOf } from './fibers.ts'

const ATTRIBUTES = [
  'id',
  'role',
  'aria-label',
  'name',
  'type',
  'href',
  'src',
  'alt',
  'title',
  'placeholder',
  'data-testid',
]

/** The element itself, or the nearest one around it that is written in the app: an icon's path is part of the icon. */
export function pickable(element: Element): Element {
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
    if (sourceOf(fiberOf(at))) return at
  }
  return element
}

export function describeElement(element: Element): PickedElement {
  const fiber = fiberOf(element)
  const components = componentsOf(fiber)
  const { x, y, width, height } = element.getBoundingClientRect()
  return {
    tag: element.tagName.toLowerCase(),
    text: textOf(element).slice(0, 1_000),
    isPlainText: element.childNodes.length === 1 && element.firstChild?.nodeType === Node.TEXT_NODE,
    classes: element.getAttribute('class') ?? '',
    attributes: attributesOf(element),
    component: components[0]?.name ?? '',
    source: sourceOf(fiber),
    components,
    selector: selectorOf(element),
    box: { x, y, width, height },
  }
}

export const textOf = (element: Element): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()

function attributesOf(element: Element): Record<string, string> {
  const found = ATTRIBUTES.map((name) => [name, element.getAttribute(name)] as const)
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== null))
}

function selectorOf(element: Element): string {
  const parts: string[] = []
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    if (at.id) {
      parts.unshift(`#${CSS.escape(at.id)}`)
      break
    }
    const siblings = [...(at.parentElement?.children ?? [])].filter(({ tagName }) => tagName === at?.tagName)
    const place = siblings.length > 1 ? `:nth-of-type(${siblings.indexOf(at) + 1})` : ''
    parts.unshift(at.tagName.toLowerCase() + place)
  }
  return parts.join(' > ')
}
