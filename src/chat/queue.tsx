import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { QueuedMessage } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { typed, useForm } from '../use-form.ts'
import { AttachmentList } from './attachment-list.tsx'
import { useChat } from './chat.ts'
import { nameOf } from './message-row.tsx'
import type { InOutbox } from './outbox.ts'
import { TextArea } from './text-area.tsx'

/** What was said while the agent is at work: it reads it at its next step. Anyone may change it until then. */
export function Queue({ sending }: { sending: InOutbox[] }) {
  const messages = useChat((chat) => chat.messages)
  if (messages.length + sending.length === 0) return null
  return (
    <section aria-label="Waiting messages" className="flex max-h-48 flex-col gap-1 overflow-y-auto">
      <h2 className="text-xs text-faint">The agent reads at its next step</h2>
      <ul className="flex flex-col gap-1">
        {messages.map((message) => (
          <Waiting key={message.id} message={message} />
        ))}
        {sending.map(({ clientId, content }) => (
          <li key={clientId} className="rounded-md bg-sunken px-3 py-1.5 text-muted">
            <span className="line-clamp-3 whitespace-pre-wrap wrap-anywhere">{content}</span>
            <span className="text-xs text-faint">sending</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Waiting({ message }: { message: QueuedMessage }) {
  const [editing, setEditing] = useState(false)
  if (editing) return <EditWaiting message={message} onClose={() => setEditing(false)} />
  const remove = () =>
    attempt('The message was not removed.', () => rpc('remove_message', { message_id: message.id }))
  return (
    <li className="flex items-start gap-2 rounded-md bg-sunken py-1 pr-1 pl-3">
      <div className="flex min-w-0 flex-1 flex-col gap-1 py-1">
        <p className="line-clamp-3 whitespace-pre-wrap wrap-anywhere">
          <span className="text-muted">{nameOf(message.author)}:</span> {message.content}
        </p>
        <AttachmentList attachments={message.attachments} />
      </div>
      <IconButton label="Edit the waiting message" onClick={() => setEditing(true)} className="size-7">
        <Pencil className="size-3.5" aria-hidden />
      </IconButton>
      <IconButton label="Remove the waiting message" onClick={remove} className="size-7">
        <Trash2 className="size-3.5" aria-hidden />
      </IconButton>
    </li>
  )
}

function EditWaiting({ message, onClose }: { message: QueuedMessage; onClose(): void }) {
  const form = useForm(async (values) => {
    await rpc('edit_message', { message_id: message.id, content: typed(values, 'content') })
    onClose()
  })
  return (
    <li>
      <form onSubmit={form.onSubmit} className="flex flex-col gap-2 rounded-md bg-sunken p-2">
        <TextArea
          name="content"
          label="The waiting message"
          defaultValue={message.content}
          autoFocus
          onEscape={onClose}
        />
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={form.pending}>
            Save
          </Button>
        </div>
      </form>
    </li>
  )
}
