import { type ComponentProps, type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Member } from '../../supabase/functions/_shared/protocol.ts'
import { TextArea } from '../chat/text-area.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'
import { matching, type Naming, named, namingAt } from './mentions.ts'
import { useTeamMates } from './team-mates.ts'

type MentionAreaProps = Omit<ComponentProps<typeof TextArea>, 'value' | 'onChange' | 'defaultValue'> & {
  projectId: string
  value: string
  onType(text: string): void
}

const MOST = 6

/**
 * A text area in which `@` offers the people of the team: arrows choose, Enter or Tab takes, Esc closes. The focus stays
 * in the text; the option that is chosen is named to screen readers by `aria-activedescendant`.
 */
export function MentionArea({ projectId, value, onType, onKeyDown, ...rest }: MentionAreaProps) {
  const area = useRef<HTMLTextAreaElement | null>(null)
  const people = useTeamMates(projectId)
  const [naming, setNaming] = useState<Naming | null>(null)
  const [chosen, setChosen] = useState(0)
  const listId = useId()
  const cursor = useCursor(area, value)
  const offered = naming ? matching(people, naming.query).slice(0, MOST) : []
  const active = Math.min(chosen, offered.length - 1)
  const isOpen = offered.length > 0

  const look = (target: HTMLTextAreaElement) => {
    area.current = target
    const next =
      target.selectionStart === target.selectionEnd ? namingAt(target.value, target.selectionStart) : null
    if (next?.at !== naming?.at || next?.query !== naming?.query) setChosen(0)
    setNaming(next)
  }
  const take = (person: Member) => {
    if (!naming) return
    const next = named(value, naming, person.display_name)
    cursor.goTo(next.cursor)
    setNaming(null)
    onType(next.text)
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    onKeyDown?.(event)
    if (!isOpen || event.defaultPrevented || event.nativeEvent.isComposing) return
    const person = offered[active]
    const step = STEPS[event.key]
    if (step) setChosen((active + step + offered.length) % offered.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && person) take(person)
    else if (event.key === 'Escape') setNaming(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="relative">
      <TextArea
        {...rest}
        value={value}
        onChange={({ target }) => {
          onType(target.value)
          look(target)
        }}
        onSelect={({ currentTarget }) => look(currentTarget)}
        onBlur={() => setNaming(null)}
        onKeyDown={press}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
      />
      <span role="status" className="sr-only">
        {isOpen && `${offered.length} ${offered.length === 1 ? 'person' : 'people'} to mention`}
      </span>
      {isOpen && (
        <div
          id={listId}
          role="listbox"
          aria-label="People to mention"
          className="absolute bottom-full left-0 z-30 mb-1 max-h-64 w-64 max-w-full overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {offered.map((person, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text area takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text
            <div
              key={person.user_id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(person)}
              className={classes(
                'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1 pointer-coarse:min-h-11',
                index === active ? 'bg-hover' : 'hover:bg-hover',
              )}
            >
              <Avatar name={person.display_name} className="size-6" />
              <span className="min-w-0 truncate">{person.display_name}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }

/** Where the cursor goes once a text that was not typed is drawn. */
function useCursor(area: { current: HTMLTextAreaElement | null }, value: string) {
  const wanted = useRef<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: after the value has changed
  useLayoutEffect(() => {
    if (wanted.current === null || !area.current) return
    area.current.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
  }, [value])
  return {
    goTo(position: number) {
      wanted.current = position
    },
  }
}
