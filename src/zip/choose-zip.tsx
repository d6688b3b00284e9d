import { FileArchive } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { sentenceOf, toBatonError } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { readZip, type ZipContents } from './read-zip.ts'

export type Chosen = ZipContents & { name: string }

type ChooseZipProps = { chosen: Chosen | null; disabled: boolean; onChosen(chosen: Chosen | null): void }

export function ChooseZip({ chosen, disabled, onChosen }: ChooseZipProps) {
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [isOver, setIsOver] = useState(false)
  const read = async (file: File | undefined) => {
    if (!file || disabled) return
    setFault(null)
    try {
      onChosen({ name: file.name, ...readZip(new Uint8Array(await file.arrayBuffer())) })
    } catch (cause) {
      onChosen(null)
      setFault(sentenceOf(toBatonError(cause)))
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    void read(event.dataTransfer.files[0])
  }
  return (
    <>
      <fieldset
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={classes(
          'flex flex-wrap items-center justify-center gap-3 rounded-md border border-dashed px-3 py-5 text-muted',
          isOver ? 'border-focus' : 'border-line-strong',
        )}
      >
        <legend className="sr-only">Zip</legend>
        <FileArchive className="size-5" aria-hidden />
        <span className="min-w-0 wrap-anywhere">{chosen ? chosen.name : 'Drop a zip here, or'}</span>
        <Button onClick={() => input.current?.click()} disabled={disabled} data-autofocus>
          {chosen ? 'Choose another' : 'Choose a file'}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".zip,application/zip"
          aria-label="Zip file"
          hidden
          onChange={({ target }) => {
            void read(target.files?.[0])
            target.value = ''
          }}
        />
      </fieldset>
      {fault && <Callout tone="bad">{fault}</Callout>}
    </>
  )
}

export function LeftOutList({ contents: { leftOut } }: { contents: ZipContents }) {
  if (leftOut.length === 0) return null
  return (
    <details>
      <summary className="cursor-pointer text-need-text">
        {leftOut.length} {leftOut.length === 1 ? 'file is' : 'files are'} left out
      </summary>
      <ul className="mt-1.5 flex max-h-40 flex-col gap-1 overflow-auto text-xs text-muted">
        {leftOut.map(({ path, why }) => (
          <li key={path} className="wrap-anywhere">
            <span className="font-mono text-text">{path}</span>: {why}
          </li>
        ))}
      </ul>
    </details>
  )
}
