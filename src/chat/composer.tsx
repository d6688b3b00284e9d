import { useQuery } from '@tanstack/react-query'
import { ArrowUp, Paperclip } from 'lucide-react'
import { type ClipboardEvent, type DragEvent, type Ref, useImperativeHandle, useRef, useState } from 'react'
import type { Attachment } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { MentionArea } from '../people/mention-area.tsx'
import { typing } from '../people/typing.ts'
import { TypingLine } from '../people/typing-line.tsx'
import { withChosenElements } from '../preview/point/chosen-elements.ts'
import { ElementChips } from '../preview/point/element-chips.tsx'
import { isLiving } from '../projects/project-changes.ts'
import { useUserId } from '../session/user.ts'
import { ModelBadge } from '../system/model-badge.tsx'
import { aboutQuery } from '../system/queries.ts'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { MOST_ATTACHMENTS, mediaTypeOf, upload, whyNotAttach } from './attaching.ts'
import { AttachmentList } from './attachment-list.tsx'
import { useChat, useChatPlace } from './chat.ts'
import { EMPTY_DRAFT, readDraft, writeDraft } from './drafts.ts'
import { money } from './money.ts'
import { type Draft, useSend } from './outbox.ts'
import { useStop } from './run-bar.tsx'

/** How a message that was not sent comes back. */
export type ComposerHandle = { putBack(draft: Draft): void }

/** Drawn anew for each chat, so that what is typed belongs to it. The draft is kept at every letter. */
export function Composer({ ref }: { ref: Ref<ComposerHandle> }) {
  const { projectId, chatId } = useChatPlace()
  const { draft, change } = useDraft()
  const attaching = useAttaching((attachments) =>
    change((before) => ({ ...before, attachments: [...before.attachments, ...attachments] })),
  )
  const send = useSend()
  const run = useChat((chat) => chat.run)
  const stop = useStop()
  const isAtWork = run !== null && isLiving(run)
  const mayLeave = draft.content.trim() !== '' || draft.attachments.length > 0
  const [isOver, setOver] = useState(false)

  useImperativeHandle(ref, () => ({
    putBack: ({ content, attachments }) =>
      change((before) => ({
        content: [content, before.content].filter(Boolean).join('\n'),
        attachments: [...attachments, ...before.attachments],
      })),
  }))

  const leave = () => {
    if (!mayLeave || attaching.pending > 0) return
    typing.stop()
    send({ ...draft, content: withChosenElements(chatId, draft.content) })
    change(() => EMPTY_DRAFT)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    attaching.add(event.dataTransfer.files)
  }
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    attaching.add(event.clipboardData.files)
  }

  return (
    <section
      aria-label="New message"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        'flex flex-col gap-2 rounded-lg border bg-surface p-2 focus-within:border-focus',
        isOver ? 'border-focus' : 'border-line-strong',
      )}
    >
      {attaching.fault && <Callout tone="bad">{attaching.fault}</Callout>}
      <ElementChips chatId={chatId} />
      <AttachmentList
        attachments={draft.attachments}
        onRemove={({ path }) =>
          change((before) => ({
            ...before,
            attachments: before.attachments.filter((one) => one.path !== path),
          }))
        }
      />
      <MentionArea
        projectId={projectId}
        label="Message"
        data-composer
        placeholder={isAtWork ? 'Say what to do next' : 'Say what to build or change'}
        aria-keyshortcuts="/"
        value={draft.content}
        onType={(content) => {
          if (content.trim() !== '') typing.note(chatId)
          change((before) => ({ ...before, content }))
        }}
        onPaste={paste}
        onSend={leave}
        onEscape={() => (isAtWork && run ? void stop.go(run) : undefined)}
        className="border-0! bg-transparent px-1! py-1! outline-none!"
      />
      <div className="flex items-center gap-2">
        <FileButton onFiles={attaching.add} />
        {attaching.pending > 0 && (
          <span role="status" className="flex items-center gap-1.5 text-xs text-muted">
            <Spinner /> attaching
          </span>
        )}
        <TypingLine projectId={projectId} chatId={chatId} />
        <Costs />
        <IconButton
          label={isAtWork ? 'Send to the queue' : 'Send'}
          onClick={leave}
          aria-disabled={!mayLeave || attaching.pending > 0}
          className="bg-ink text-on-ink! hover:bg-ink-hover aria-disabled:bg-hover aria-disabled:text-faint!"
        >
          <ArrowUp className="size-4" aria-hidden />
        </IconButton>
      </div>
    </section>
  )
}

function useDraft() {
  const userId = useUserId()
  const { chatId } = useChatPlace()
  const [draft, setDraft] = useState(() => readDraft(userId, chatId))
  const latest = useRef(draft)
  const change = (next: (before: Draft) => Draft) => {
    latest.current = next(latest.current)
    writeDraft(userId, chatId, latest.current)
    setDraft(latest.current)
  }
  return { draft, change }
}

/** Files go to the server at once, so that sending waits for nothing. */
function useAttaching(onAttached: (attachments: Attachment[]) => void) {
  const { projectId } = useChatPlace()
  const [pending, setPending] = useState(0)
  const [fault, setFault] = useState<string | null>(null)
  const attach = async (file: File) => {
    setPending((count) => count + 1)
    try {
      const mediaType = await mediaTypeOf(file)
      const whyNot = whyNotAttach(file, mediaType)
      if (whyNot !== null || mediaType === null) setFault(whyNot)
      else onAttached([await upload(projectId, file, mediaType)])
    } catch (cause) {
      setFault(`“${file.name}” was not attached. ${sentenceOf(toBatonError(cause))}`)
    } finally {
      setPending((count) => count - 1)
    }
  }
  return {
    pending,
    fault,
    add: (files: FileList) => {
      setFault(
        files.length > MOST_ATTACHMENTS ? `At most ${MOST_ATTACHMENTS} files go with one message.` : null,
      )
      for (const file of [...files].slice(0, MOST_ATTACHMENTS)) void attach(file)
    },
  }
}

function FileButton({ onFiles }: { onFiles(files: FileList): void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ target }) => {
          if (target.files) onFiles(target.files)
          target.value = ''
        }}
      />
      <IconButton label="Attach images or text files" onClick={() => input.current?.click()}>
        <Paperclip className="size-4" aria-hidden />
      </IconButton>
    </>
  )
}

/** The model that answers, and what this chat has cost so far. */
function Costs() {
  const about = useQuery(aboutQuery).data?.model
  const chosen = useChat(({ turn, run }) => turn?.model ?? run?.stages.at(-1)?.model ?? null)
  const model = chosen ?? (about?.kind === 'rehearsal' ? null : about?.label)
  const cost = useChat(({ usage }) => usage.cost_usd)
  const tokens = useChat(({ usage }) => usage.input_tokens + usage.output_tokens + usage.cache_read_tokens)
  return (
    <p className="flex min-w-0 flex-1 items-center justify-end gap-2 text-xs text-faint">
      <span className="md:hidden">
        <ModelBadge />
      </span>
      {model && <span className="truncate font-mono text-2xs max-md:hidden">{model}</span>}
      <span className="tabular whitespace-nowrap" title={`${tokens.toLocaleString('en')} tokens so far`}>
        {money(cost)}
        <span className="sr-only"> spent in this chat</span>
      </span>
    </p>
  )
}
