/** What the keys of the keyboard mean, as plain data and one step of a small machine. */
export type ShortcutName =
  | 'palette'
  | 'help'
  | 'composer'
  | 'search-chats'
  | 'new-chat'
  | 'invite'
  | 'go-home'
  | 'go-members'
  | 'go-desk'
  | 'go-analytics'
  | 'publish'
  | 'go-preview'
  | 'go-code'
  | 'go-changes'
  | 'go-runs'
  | 'go-deployments'
  | 'go-settings'
  | 'go-system'

export type Shortcut = { name: ShortcutName; keys: readonly string[]; title: string }

/** A first key of `⌘` is held, any other is pressed before the next. */
export const SHORTCUTS: readonly Shortcut[] = [
  { name: 'palette', keys: ['⌘', 'K'], title: 'Search and commands' },
  { name: 'help', keys: ['?'], title: 'These shortcuts' },
  { name: 'composer', keys: ['/'], title: 'Write a message' },
  { name: 'search-chats', keys: ['F'], title: 'Search the chats of this project' },
  { name: 'new-chat', keys: ['N'], title: 'New chat in this project' },
  { name: 'publish', keys: ['P'], title: 'Publish the app' },
  { name: 'invite', keys: ['I'], title: 'Invite to this team' },
  { name: 'go-home', keys: ['G', 'H'], title: 'Go to the home of the team' },
  { name: 'go-members', keys: ['G', 'M'], title: 'Go to the members' },
  { name: 'go-desk', keys: ['G', 'E'], title: 'Go to the escalations' },
  { name: 'go-analytics', keys: ['G', 'A'], title: 'Go to the analytics' },
  { name: 'go-preview', keys: ['G', 'P'], title: 'Go to the preview' },
  { name: 'go-code', keys: ['G', 'C'], title: 'Go to the code' },
  { name: 'go-changes', keys: ['G', 'X'], title: 'Go to the changes' },
  { name: 'go-runs', keys: ['G', 'R'], title: 'Go to the runs' },
  { name: 'go-deployments', keys: ['G', 'D'], title: 'Go to the deployments' },
  { name: 'go-settings', keys: ['G', 'S'], title: 'Go to the settings' },
  { name: 'go-system', keys: ['G', 'O'], title: 'Go to the operator page' },
]

export type KeyPress = {
  key: string
  /** ⌘ or Ctrl is held. */
  command: boolean
  /** The key goes into a field, so a plain letter is a letter. */
  typing: boolean
}

/** `first` is a key that waits for a second one. */
export type Step = { first: string | null; name: ShortcutName | null }

export function nextStep(first: string | null, press: KeyPress): Step {
  const key = press.key.toUpperCase()
  if (press.command) return { first: null, name: find(['⌘', key]) }
  if (press.typing) return { first: null, name: null }
  const name = find(first ? [first, key] : [key])
  const opens = SHORTCUTS.some(({ keys }) => keys.length === 2 && keys[0] === key)
  return { first: name === null && opens ? key : null, name }
}

function find(keys: readonly string[]): ShortcutName | null {
  return SHORTCUTS.find((one) => one.keys.join() === keys.join())?.name ?? null
}

export const keysOf = (name: ShortcutName) => SHORTCUTS.find((one) => one.name === name)?.keys ?? []
