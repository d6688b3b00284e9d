import {
  ArrowLeft,
  ArrowRight,
  Ellipsis,
  ExternalLink,
  Link2,
  Lock,
  LockOpen,
  Monitor,
  MousePointerClick,
  QrCode,
  RefreshCw,
  RotateCw,
  Smartphone,
  Tablet,
} from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { pathOf } from '../../services/preview/messages.ts'
import type { Host } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { showToast } from '../ui/toasts.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import type { PreviewLink } from './use-preview-page.ts'
import { useWidth, type Width } from './widths.ts'

type PreviewBarProps = {
  link: PreviewLink
  host: Host
  address: string
  mayPick: boolean
  onShowCode(): void
}

/** Where one is in the app, and how it is looked at. */
export function PreviewBar({ link, host, address, mayPick, onShowCode }: PreviewBarProps) {
  const { page, send } = link
  const here = address + page.path
  return (
    <div
      role="toolbar"
      aria-label="Preview"
      className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line px-1"
    >
      <Tool label="Back" onClick={() => send({ type: 'back' })}>
        <ArrowLeft className="size-4" aria-hidden />
      </Tool>
      <Tool label="Forward" onClick={() => send({ type: 'forward' })}>
        <ArrowRight className="size-4" aria-hidden />
      </Tool>
      <Tool label="Reload the preview" onClick={link.reload}>
        <RotateCw className="size-4" aria-hidden />
      </Tool>
      <AddressLine
        path={page.path}
        host={new URL(address).host}
        onGo={(path) => send({ type: 'go', path })}
      />
      {mayPick && (
        <Tool
          label="Pick an element"
          isPressed={page.isPicking}
          onClick={() => send({ type: 'pick', on: !page.isPicking })}
        >
          <MousePointerClick className="size-4" aria-hidden />
        </Tool>
      )}
      <span className="flex @max-lg:hidden">
        <Widths />
      </span>
      <Tooltip label="Open in a tab of its own">
        <a
          href={here}
          target="_blank"
          rel="noreferrer"
          aria-label="Open in a tab of its own"
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-10"
        >
          <ExternalLink className="size-4" aria-hidden />
        </a>
      </Tooltip>
      <PreviewMenu host={host} address={here} onShowCode={onShowCode} />
    </div>
  )
}

type AddressProps = { path: string; host: string; onGo(path: string): void }

function AddressLine({ path, host, onGo }: AddressProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const go = (event: FormEvent) => {
    event.preventDefault()
    const asked = (typed ?? path).trim()
    onGo(pathOf(asked.startsWith('/') ? asked : `/${asked}`) || '/')
    setTyped(null)
  }
  return (
    <form onSubmit={go} className="mx-1 min-w-0 flex-1">
      <input
        type="text"
        aria-label={`Path in the app at ${host}`}
        title={host + path}
        value={typed ?? path}
        onChange={({ target }) => setTyped(target.value)}
        onFocus={({ target }) => target.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => event.key === 'Escape' && setTyped(null)}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="go"
        className="h-7 w-full min-w-0 rounded-md bg-sunken px-2.5 font-mono text-xs text-muted hover:text-text focus:text-text pointer-coarse:h-9"
      />
    </form>
  )
}

const WIDTH_CHOICES: { width: Width; label: string; icon: typeof Monitor }[] = [
  { width: 'phone', label: 'As wide as a phone', icon: Smartphone },
  { width: 'tablet', label: 'As wide as a tablet', icon: Tablet },
  { width: 'full', label: 'As wide as there is room', icon: Monitor },
]

function Widths() {
  const [width, choose] = useWidth()
  return WIDTH_CHOICES.map(({ width: one, label, icon: Glyph }) => (
    <Tool key={one} label={label} isPressed={width === one} onClick={() => choose(one)}>
      <Glyph className="size-4" aria-hidden />
    </Tool>
  ))
}

type MenuProps = { host: Host; address: string; onShowCode(): void }

function PreviewMenu({ host, address, onShowCode }: MenuProps) {
  const [width, choose] = useWidth()
  const isPrivate = host.visibility === 'private'
  const project_id = host.project_id
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="More about the preview">
          <Ellipsis className="size-4" aria-hidden />
        </IconButton>
      }
    >
      {WIDTH_CHOICES.map(({ width: one, label, icon: Glyph }) => (
        <MenuItem
          key={one}
          icon={<Glyph className="size-4" aria-hidden />}
          checked={width === one}
          onSelect={() => choose(one)}
        >
          {label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<QrCode className="size-4" aria-hidden />} onSelect={onShowCode}>
        Open on a phone
      </MenuItem>
      <MenuItem icon={<Link2 className="size-4" aria-hidden />} onSelect={() => void copy(address)}>
        Copy the address
      </MenuItem>
      <MenuItem
        icon={
          isPrivate ? <LockOpen className="size-4" aria-hidden /> : <Lock className="size-4" aria-hidden />
        }
        onSelect={() =>
          void attempt('The preview was left as it is.', () =>
            rpc('set_preview_visibility', { project_id, visibility: isPrivate ? 'link' : 'private' }),
          )
        }
      >
        {isPrivate ? 'Open it to all who have the address' : 'Keep it within the team'}
      </MenuItem>
      {isPrivate && (
        <MenuItem
          icon={<RefreshCw className="size-4" aria-hidden />}
          onSelect={() =>
            void attempt('The address was not renewed.', () => rpc('reset_preview_link', { project_id }))
          }
        >
          Renew the address
        </MenuItem>
      )}
      <MenuItem
        icon={<RotateCw className="size-4" aria-hidden />}
        onSelect={() => void attempt('No build was requested.', () => rpc('request_build', { project_id }))}
      >
        Build again
      </MenuItem>
    </Menu>
  )
}

async function copy(address: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address)
    showToast({ tone: 'plain', title: 'The address is in the clipboard.' })
  } catch {
    showToast({ tone: 'bad', title: 'The clipboard is closed to this page.', body: address })
  }
}

type ToolProps = { label: string; isPressed?: boolean; onClick(): void; children: ReactNode }

function Tool({ label, isPressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <IconButton
        label={label}
        aria-pressed={isPressed}
        onClick={onClick}
        className={classes(isPressed && 'bg-hover text-text')}
      >
        {children}
      </IconButton>
    </Tooltip>
  )
}
