import { Command as Cmdk } from 'cmdk'
import { Search } from 'lucide-react'
import { useModal } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { commandKey } from './command-key.ts'
import { keysOf } from './shortcuts.ts'
import { type Command, useCommands } from './use-commands.ts'

const GROUPS: Command['group'][] = ['App', 'Chats', 'Projects', 'Go to', 'Teams', 'Theme', 'More']

export function Palette({ onClose }: { onClose(): void }) {
  const ref = useModal(onClose)
  const commands = useCommands()
  const choose = (command: Command) => {
    onClose()
    command.run()
  }
  return (
    <dialog
      ref={ref}
      aria-label="Search and commands"
      className="appear mx-auto mt-[12vh] w-[calc(100vw-2rem)] max-w-xl overflow-hidden rounded-lg bg-raised text-text shadow-float"
    >
      <Cmdk label="Search and commands" loop>
        <div className="flex items-center gap-2.5 border-b border-line px-3.5">
          <Search className="size-4 text-muted" aria-hidden />
          <Cmdk.Input
            data-autofocus
            placeholder="What do you want to do?"
            className="h-11 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
          />
          <Keys keys={['Esc']} />
        </div>
        <Cmdk.List className="max-h-[50vh] overflow-y-auto overscroll-contain p-1.5">
          <Cmdk.Empty>
            {/* A list of choices must have one, even when it cannot be chosen. */}
            <div
              role="option"
              aria-disabled
              aria-selected={false}
              tabIndex={-1}
              className="px-2.5 py-6 text-center text-muted"
            >
              Nothing here goes by that name.
            </div>
          </Cmdk.Empty>
          {GROUPS.filter((group) => commands.some((command) => command.group === group)).map((group) => (
            <Cmdk.Group
              key={group}
              heading={group}
              className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
            >
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <CommandRow key={command.id} command={command} onChoose={() => choose(command)} />
                ))}
            </Cmdk.Group>
          ))}
        </Cmdk.List>
      </Cmdk>
    </dialog>
  )
}

function CommandRow({ command, onChoose }: { command: Command; onChoose(): void }) {
  const { icon: Glyph, title, shortcut } = command
  return (
    <Cmdk.Item
      value={command.id}
      keywords={[title]}
      onSelect={onChoose}
      className="flex min-h-9 items-center gap-2.5 rounded-md px-2.5 py-1 aria-selected:bg-hover pointer-coarse:min-h-11"
    >
      <Glyph className="size-4 shrink-0 text-muted" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {shortcut && <Keys keys={keysOf(shortcut).map((key) => (key === '⌘' ? commandKey : key))} />}
    </Cmdk.Item>
  )
}
