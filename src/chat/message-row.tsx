import { Pencil } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Attachment, Entry, Mention } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { mentionsOf, Said as PeopleSaid } from '../people/said.tsx'
import { isLiving } from '../projects/project-changes.ts'
import { rpc } from '../rpc.ts'
import { useUserId } from '../session/user.ts'
import { seenName } from '../teams/seen-names.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { typed, useForm } from '../use-form.ts'
import { AttachmentList } from './attachment-list.tsx'
import { useChat } from './chat.ts'
import { CopyButton } from './copy-button.tsx'
import { AfterFlight } from './flight.tsx'
import { ForkButton } from './fork.tsx'
import { type InOutbox, useForget, useSend } from './outbox.ts'
import { TextArea } from './text-area.tsx'

export const nameOf = (userId: string | null) => seenName(userId) ?? 'Someone who left'

const attachmentsOf = ({ data }: Entry) =>
  Array.isArray(data.attachments) ? (data.attachments as Attachment[]) : []

/** What a person said. Its author may say it differently, while nothing is going on. */
export function MessageRow({ entry }: { entry: Entry }) {
  const isMine = useUserId() === entry.author
  const [editing, setEditing] = useState(false)
  if (editing) return <EditMessage entry={entry} onClose={() => setEditing(false)} />
  return (
    <Said
      author={entry.author}
      aside={
        <>
          <span className="text-xs text-faint">
            <TimeAgo at={entry.created_at} />
          </span>
          <span className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
            <AfterFlight>
              <CopyButton text={entry.text} label="Copy the message" />
              <ForkButton
                turn={entry.turn - 1}
                draft={{ content: entry.text, attachments: attachmentsOf(entry) }}
              />
              {isMine && (
                <IconButton label="Edit and send again" onClick={() => setEditing(true)} className="size-7">
                  <Pencil className="size-3.5" aria-hidden />
                </IconButton>
              )}
            </AfterFlight>
          </span>
        </>
      }
    >
      <Words text={entry.text} mentions={mentionsOf(entry.data)} />
      <AttachmentList attachments={attachmentsOf(entry)} />
    </Said>
  )
}

/** A message that is on its way, or was refused. */
export function OutgoingRow({
  message,
  onTakeBack,
}: {
  message: InOutbox
  onTakeBack(message: InOutbox): void
}) {
  const send = useSend()
  const forget = useForget()
  const { error } = message
  const takeBack = () => {
    forget(message)
    onTakeBack(message)
  }
  const sendAgain = () => {
    const { clientId, content, attachments } = message
    forget(message)
    send({ clientId, content, attachments })
  }
  return (
    <Said author={useUserId()} aside={!error && <span className="text-xs text-faint">sending</span>}>
      <Words text={message.content} />
      <AttachmentList attachments={message.attachments} />
      {error && (
        <Callout
          tone="bad"
          action={
            <span className="flex flex-wrap gap-2">
              <Button onClick={takeBack}>Take it back</Button>
              <Button look="primary" onClick={sendAgain}>
                Send again
              </Button>
            </span>
          }
        >
          This was not sent. {sentenceOf(error)}
        </Callout>
      )}
    </Said>
  )
}

function Said({
  author,
  aside,
  children,
}: {
  author: string | null
  aside?: ReactNode
  children: ReactNode
}) {
  const isMine = useUserId() === author
  const name = nameOf(author)
  return (
    <article className="group flex gap-2.5" aria-label={`${name} said`}>
      <Avatar name={name} className="mt-0.5" />
      <div
        className={classes(
          'flex min-w-0 flex-1 flex-col gap-2 rounded-lg bg-sunken px-3 py-2',
          isMine && 'border-l-2 border-line-strong',
        )}
      >
        <header className="flex min-h-7 items-center gap-2 pointer-coarse:min-h-10">
          <span className="truncate font-medium">{name}</span>
          {aside}
        </header>
        {children}
      </div>
    </article>
  )
}

const Words = ({ text, mentions = [] }: { text: string; mentions?: Mention[] }) =>
  text && (
    <p className="text-base leading-relaxed whitespace-pre-wrap wrap-anywhere">
      <PeopleSaid text={text} mentions={mentions} />
    </p>
  )

/** What came after it leaves the conversation, for everyone; the files stay. */
function EditMessage({ entry, onClose }: { entry: Entry; onClose(): void }) {
  const isBusy = useChat(({ run }) => run !== null && isLiving(run))
  const [clientId] = useState(() => crypto.randomUUID())
  const form = useForm(async (values) => {
    await rpc('resend_from', { entry_id: entry.id, content: typed(values, 'content'), client_id: clientId })
    onClose()
  })
  return (
    <form onSubmit={form.onSubmit} className="flex flex-col gap-2 rounded-lg bg-sunken p-3">
      <TextArea name="content" label="Your message" defaultValue={entry.text} autoFocus onEscape={onClose} />
      {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="min-w-40 flex-1 text-xs text-muted">
          {isBusy
            ? 'A run is going on. Stop it first, or wait until it ends.'
            : 'What follows this message leaves the conversation, for everyone. The files stay as they are.'}
        </p>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" pending={form.pending} disabled={isBusy}>
          Send again
        </Button>
      </div>
    </form>
  )
}
