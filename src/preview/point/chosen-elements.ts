/** Elements of the preview that go with the next message of a chat. Kept by the chat, until it is sent or the page is left. */
import { useSyncExternalStore } from 'react'
import type { PickedElement } from '../../../services/preview/messages.ts'

const NONE: readonly PickedElement[] = []
const MOST = 5
const chosen = new Map<string, readonly PickedElement[]>()
const listeners = new Set<() => void>()

export function useChosenElements(chatId: string): readonly PickedElement[] {
  return useSyncExternalStore(subscribe, () => chosen.get(chatId) ?? NONE)
}

export function chooseElement(chatId: string, element: PickedElement): void {
  const others = (chosen.get(chatId) ?? NONE).filter((one) => placeText(one) !== placeText(element))
  put(chatId, [...others, element].slice(-MOST))
}

export function dropElement(chatId: string, element: PickedElement): void {
  put(
    chatId,
    (chosen.get(chatId) ?? NONE).filter((one) => one !== element),
  )
}

/** What is said, with what it is said of; the elements are no longer waiting then. */
export function withChosenElements(chatId: string, content: string): string {
  const elements = chosen.get(chatId) ?? NONE
  put(chatId, NONE)
  return messageAbout(content, elements)
}

export function messageAbout(content: string, elements: readonly PickedElement[]): string {
  if (elements.length === 0) return content
  const title =
    elements.length === 1
      ? 'This is about an element of the preview:'
      : 'This is about elements of the preview:'
  return `${content}\n\n${title}\n${elements.map((element) => `- ${elementText(element)}`).join('\n')}`
}

export function elementText(element: PickedElement): string {
  const text = shortened(element.text, 80)
  return [
    `\`<${element.tag}>\`${text && ` “${text}”`}`,
    element.component && `in ${element.component}`,
    placeText(element),
    element.classes && `class "${shortened(element.classes, 200)}"`,
  ]
    .filter(Boolean)
    .join(', ')
}

const placeText = ({ source, selector }: PickedElement) =>
  source ? `${source.file.replace(/^\//, '')}:${source.line}:${source.column}` : selector

export function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

function put(chatId: string, elements: readonly PickedElement[]): void {
  if (elements.length === 0) chosen.delete(chatId)
  else chosen.set(chatId, elements)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
