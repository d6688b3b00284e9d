import { useState } from 'react'
import { sentenceOf, toBatonError } from '../../errors.ts'
import { useFileActions } from '../../files/file-actions.ts'
import { Button } from '../../ui/button.tsx'

/** `before` is the whole file as it was. */
export type Change = { what: 'text' | 'classes'; path: string; before: string; version: number }

export type WhileSaving = (save: () => Promise<void>) => Promise<void>

type ChangedProps = {
  projectId: string
  change: Change
  isBusy: boolean
  whileSaving: WhileSaving
  onTakenBack(version: number): void
}

/** Said where the change was made, and taken back from there: a toast would lie over the next field. */
export function Changed({ projectId, change, isBusy, whileSaving, onTakenBack }: ChangedProps) {
  const { save } = useFileActions(projectId)
  const [isPending, setIsPending] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const { what, path, before, version } = change
  const takeBack = async () => {
    setIsPending(true)
    try {
      onTakenBack((await save(path, before, version)).version)
    } catch (cause) {
      setFault(`It was not taken back. ${refusalText(cause)}`)
      setIsPending(false)
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-2 text-muted">
      <span className={fault ? 'text-bad-text' : ''}>
        {fault ?? `The ${what} in ${path} ${what === 'text' ? 'is' : 'are'} changed.`}
      </span>
      <Button
        look="quiet"
        className="h-7"
        pending={isPending}
        disabled={isBusy && !isPending}
        onClick={() => void whileSaving(takeBack)}
      >
        Undo
      </Button>
    </div>
  )
}

export function refusalText(cause: unknown): string {
  const error = toBatonError(cause)
  return error.code === 'PT409'
    ? 'Somebody changed this file meanwhile. Pick the element again to change what is there now.'
    : sentenceOf(error)
}
