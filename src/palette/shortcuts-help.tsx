import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { commandKey } from './command-key.ts'
import { SHORTCUTS } from './shortcuts.ts'

export function ShortcutsHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <ul className="flex flex-col divide-y divide-line">
        {SHORTCUTS.map(({ name, keys, title }) => (
          <ShortcutRow key={name} keys={keys} title={title} />
        ))}
        <ShortcutRow keys={['Esc']} title="Close what is open" />
      </ul>
    </Dialog>
  )
}

function ShortcutRow({ keys, title }: { keys: readonly string[]; title: string }) {
  return (
    <li className="flex items-center justify-between gap-4 py-2">
      {title}
      <Keys keys={keys.map((key) => (key === '⌘' ? commandKey : key))} />
    </li>
  )
}
