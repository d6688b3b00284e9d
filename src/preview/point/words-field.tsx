import { useState } from 'react'
import { useFileActions } from '../../files/file-actions.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { type Change, refusalText, type WhileSaving } from './changed.tsx'
import type { OpenEdit } from './edit-state.ts'
import { type Computed, isLiteral, type Literal, type Words } from './jsx-element.ts'
import { replaceWords } from './replace-words.ts'

type WordsFieldProps = {
  label: string
  what: 'text' | 'classes'
  projectId: string
  edit: OpenEdit
  words: Words
  /** Something is being saved here: what comes next is based on it. */
  isBusy: boolean
  whileSaving: WhileSaving
  onSaved(change: Change): void
}

export function WordsField({ words, ...rest }: WordsFieldProps) {
  if (!isLiteral(words)) return <ComputedWords label={rest.label} words={words} />
  return <LiteralField literal={words} {...rest} />
}

function ComputedWords({ label, words }: { label: string; words: Computed }) {
  return (
    <div>
      <p className="font-medium">{label}</p>
      <p className="text-muted">
        {words.expression === null ? (
          'Computed while the app runs.'
        ) : (
          <>
            Comes from <code className="font-mono text-xs wrap-anywhere">{words.expression}</code>.
          </>
        )}{' '}
        Say in the chat what it shall be.
      </p>
    </div>
  )
}

type LiteralFieldProps = Omit<WordsFieldProps, 'words'> & { literal: Literal }

/** Saved like an edit by hand: with its history, and never over what somebody else wrote meanwhile. */
function LiteralField({
  label,
  what,
  projectId,
  edit,
  literal,
  isBusy,
  whileSaving,
  onSaved,
}: LiteralFieldProps) {
  const { save } = useFileActions(projectId)
  /** What is typed and not saved stays when what is written changes, as it does when a save comes back. */
  const [draft, setDraft] = useState<string | null>(null)
  const value = draft ?? literal.value
  const [isPending, setIsPending] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const { file, source } = edit

  const store = async () => {
    if (value === literal.value) return
    setIsPending(true)
    setFault(null)
    try {
      const { version } = await save(file.path, replaceWords(source, literal, value), file.version)
      onSaved({ what, path: file.path, before: source, version })
      setDraft((now) => (now === value ? null : now))
    } catch (cause) {
      setFault(refusalText(cause))
    } finally {
      setIsPending(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void whileSaving(store)
      }}
    >
      <Field label={label} error={fault}>
        {(control) => (
          <span className="flex gap-2">
            <TextInput
              {...control}
              value={value}
              onChange={({ target }) => setDraft(target.value === literal.value ? null : target.value)}
              autoComplete="off"
              spellCheck={what === 'text'}
              className={what === 'classes' ? 'font-mono text-xs' : ''}
            />
            <Button
              type="submit"
              className="h-9 pointer-coarse:h-11"
              pending={isPending}
              disabled={value === literal.value || (isBusy && !isPending)}
            >
              Save
              <span className="sr-only">the {what}</span>
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}
