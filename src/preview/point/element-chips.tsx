import { SquareMousePointer, X } from 'lucide-react'
import { dropElement, shortened, useChosenElements } from './chosen-elements.ts'

/** Above what is being written: what it is about. */
export function ElementChips({ chatId }: { chatId: string }) {
  const elements = useChosenElements(chatId)
  if (elements.length === 0) return null
  return (
    <ul aria-label="Elements of the preview that go with the message" className="flex flex-wrap gap-2">
      {elements.map((element) => (
        <li
          key={`${element.selector} ${element.source?.file} ${element.source?.line}`}
          className="flex max-w-full items-center gap-1.5 rounded-md border border-line bg-sunken pl-2 text-xs"
        >
          <SquareMousePointer className="size-3.5 shrink-0 text-muted" aria-hidden />
          <span className="font-mono">{element.tag}</span>
          <span className="min-w-0 max-w-48 truncate text-muted">{shortened(element.text, 40)}</span>
          <button
            type="button"
            aria-label={`Leave out ${element.tag} ${shortened(element.text, 40)}`}
            onClick={() => dropElement(chatId, element)}
            className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-hover pointer-coarse:size-9"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
