import { MessageSquarePlus, MousePointerClick, X } from 'lucide-react'
import { useState } from 'react'
import type { PickedElement } from '../../../services/preview/messages.ts'
import type { ProjectSnapshot } from '../../../supabase/functions/_shared/protocol.ts'
import { useContent } from '../../files/contents.ts'
import { useOpenPlace } from '../../projects/project.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toasts.ts'
import { FileLink } from '../file-link.tsx'
import { type Change, Changed, type WhileSaving } from './changed.tsx'
import { chooseElement } from './chosen-elements.ts'
import { asWritten, editStateOf, type OpenEdit } from './edit-state.ts'
import { WordsField } from './words-field.tsx'

type PointPanelProps = {
  project: ProjectSnapshot
  element: PickedElement
  builtVersion: number
  onPickAgain(): void
  onClose(): void
}

/** The element that was pointed at: where it comes from, and what of it can be changed right here. */
export function PointPanel({ project, element, builtVersion, onPickAgain, onClose }: PointPanelProps) {
  const projectId = project.project.id
  const path = element.source?.file.replace(/^\//, '')
  const file = project.files.find((one) => one.path === path)
  const { data: source } = useContent(projectId, file?.hash ?? null)
  const [ownVersion, setOwnVersion] = useState(0)
  const [change, setChange] = useState<Change | null>(null)
  const onSaved = (made: Change) => {
    setOwnVersion(made.version)
    setChange(made)
  }
  const onTakenBack = (version: number) => {
    setOwnVersion(version)
    setChange(null)
  }
  const [held, setHeld] = useState<OpenEdit | null>(null)
  const edit = held ?? editStateOf({ element, file, source: file && source, builtVersion, ownVersion })
  /** The file changes before it is known that it was from here: meanwhile nothing that is typed may go. */
  const whileSaving: WhileSaving = async (save) => {
    if (held) return
    if (edit.state === 'open') setHeld(edit)
    await save()
    setHeld(null)
  }
  return (
    <section
      aria-label="Picked element"
      className="flex max-h-[55%] shrink-0 flex-col gap-3 overflow-auto border-t border-line px-3 py-2"
    >
      <header className="flex items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate">
          <span className="font-mono text-xs font-semibold">&lt;{element.tag}&gt;</span>
          {element.component && <span className="text-muted"> in {element.component}</span>}
        </h2>
        <AddToMessage element={edit.state === 'open' ? asWritten(element, edit.found) : element} />
        <IconButton label="Pick another element" onClick={onPickAgain} className="size-7">
          <MousePointerClick className="size-4" aria-hidden />
        </IconButton>
        <IconButton label="Close the picked element" onClick={onClose} className="size-7">
          <X className="size-4" aria-hidden />
        </IconButton>
      </header>
      <Origin projectId={projectId} element={element} />
      {edit.state === 'loading' && <Skeleton className="h-9 w-full" />}
      {edit.state === 'closed' && (
        <p className="text-muted">{edit.why} You can say in the chat what it shall be.</p>
      )}
      {edit.state === 'open' && (
        <div className="grid gap-3 @2xl:grid-cols-2">
          {edit.found.text && (
            <WordsField
              label="Text"
              what="text"
              projectId={projectId}
              edit={edit}
              words={edit.found.text}
              isBusy={held !== null}
              whileSaving={whileSaving}
              onSaved={onSaved}
            />
          )}
          <WordsField
            label="Classes"
            what="classes"
            projectId={projectId}
            edit={edit}
            words={edit.found.className}
            isBusy={held !== null}
            whileSaving={whileSaving}
            onSaved={onSaved}
          />
        </div>
      )}
      <div role="status" className="empty:-mt-3">
        {change && (
          <Changed
            key={change.version}
            projectId={projectId}
            change={change}
            isBusy={held !== null}
            whileSaving={whileSaving}
            onTakenBack={onTakenBack}
          />
        )}
      </div>
    </section>
  )
}

/** The element itself, and the components around it, each where it is used. */
function Origin({ projectId, element }: { projectId: string; element: PickedElement }) {
  const around = element.components.filter(({ source }) => source !== null).slice(0, 4)
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-xs text-muted">
      {element.source && (
        <span>
          written in{' '}
          <FileLink
            projectId={projectId}
            path={element.source.file.replace(/^\//, '')}
            line={element.source.line}
            column={element.source.column}
          />
        </span>
      )}
      {around.map(({ name, source }) => (
        <span key={`${name} ${source?.file} ${source?.line}`}>
          {name} used in{' '}
          {source && (
            <FileLink projectId={projectId} path={source.file.replace(/^\//, '')} line={source.line} />
          )}
        </span>
      ))}
    </p>
  )
}

function AddToMessage({ element }: { element: PickedElement }) {
  const { chatId } = useOpenPlace()
  if (!chatId) return null
  const add = () => {
    chooseElement(chatId, element)
    showToast({ tone: 'plain', title: 'It goes with your next message.' })
    document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }
  return (
    <Button className="h-7" onClick={add}>
      <MessageSquarePlus className="size-4" aria-hidden />
      Add to the message
    </Button>
  )
}
