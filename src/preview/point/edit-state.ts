import type { PickedElement } from '../../../services/preview/messages.ts'
import type { ProjectFile } from '../../../supabase/functions/_shared/protocol.ts'
import { type FoundElement, findElement, isLiteral } from './jsx-element.ts'

export type EditState =
  | { state: 'loading' }
  /** It can only be talked about: why. */
  | { state: 'closed'; why: string }
  | { state: 'open'; found: FoundElement; source: string; file: ProjectFile }

export type OpenEdit = Extract<EditState, { state: 'open' }>

type Sight = {
  element: PickedElement
  file: ProjectFile | undefined
  source: string | undefined
  /** The version of the files that the picked page was made of. */
  builtVersion: number
  /** The version that was saved from here, which left every place where it was. */
  ownVersion: number
}

/** Whether the place that was picked is still the place in the file. */
export function editStateOf({ element, file, source, builtVersion, ownVersion }: Sight): EditState {
  const place = element.source
  if (!place) return { state: 'closed', why: 'It is drawn by a package, not by a file of this project.' }
  if (!file) return { state: 'closed', why: `${place.file.replace(/^\//, '')} is not there any more.` }
  if (source === undefined) return { state: 'loading' }
  if (file.version > builtVersion && file.version !== ownVersion)
    return {
      state: 'closed',
      why: 'Its file has changed since this was built. Pick it again when the preview has followed.',
    }
  const found = findElement(source, place)
  if (!found || (found.tag !== element.tag && /^[a-z]/.test(found.tag)))
    return { state: 'closed', why: 'Where it is written could not be found for certain.' }
  return { state: 'open', found, source, file }
}

/** What was changed since it was picked is said as it is now. */
export function asWritten(element: PickedElement, { text, className }: FoundElement): PickedElement {
  return {
    ...element,
    text: isLiteral(text) ? text.value : element.text,
    classes: isLiteral(className) ? className.value : element.classes,
  }
}
