import { type ReactNode, useRef, useState } from 'react'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { MentionArea } from '../people/mention-area.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'

type CommentBoxProps = {
  projectId: string
  label: string
  action: string
  placeholder?: string
  text?: string
  /** What is written goes with an identity of its own, so that it can be sent again when an answer was lost. */
  send(body: string, clientId: string): Promise<unknown>
  onSent?(): void
  onCancel?(): void
  autoFocus?: boolean
  children?: ReactNode
}

/** What was typed stays until the server has it. Enter sends; Shift and Enter begin a new line. */
export function CommentBox({ projectId, label, action, placeholder, text = '', ...props }: CommentBoxProps) {
  const { send, onSent, onCancel, autoFocus = false, children } = props
  const [body, setBody] = useState(text)
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<BatonError | null>(null)
  const clientId = useRef(crypto.randomUUID())
  const leave = async () => {
    if (pending || body.trim() === '') return
    setPending(true)
    setError(null)
    try {
      await send(body.trim(), clientId.current)
      clientId.current = crypto.randomUUID()
      setBody('')
      onSent?.()
    } catch (cause) {
      setError(toBatonError(cause))
    } finally {
      setPending(false)
    }
  }
  return (
    <div className="flex flex-col gap-2">
      {error && <Callout tone="bad">{sentenceOf(error)}</Callout>}
      <MentionArea
        projectId={projectId}
        label={label}
        placeholder={placeholder}
        value={body}
        autoFocus={autoFocus}
        onType={setBody}
        onSend={() => void leave()}
        {...(onCancel ? { onEscape: onCancel } : {})}
        className="px-2.5! py-1.5! text-sm!"
      />
      {(children || onCancel || body.trim() !== '') && (
        <div className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 flex-1">{children}</span>
          {onCancel && (
            <Button look="quiet" className="h-7" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button
            look="primary"
            className="h-7"
            pending={pending}
            disabled={body.trim() === ''}
            onClick={() => void leave()}
          >
            {action}
          </Button>
        </div>
      )}
    </div>
  )
}
