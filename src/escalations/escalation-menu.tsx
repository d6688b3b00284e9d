import { CircleCheck, CornerDownLeft, Ellipsis, Link2, Undo2, UserRoundCog, X } from 'lucide-react'
import { useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { showToast } from '../ui/toasts.ts'
import { cancel, type Deed, release, useDeed, useDeeds } from './handling.ts'
import { ReassignDialog } from './reassign-dialog.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'
import { ReturnDialog } from './return-dialog.tsx'

const ITEMS: { deed: Deed; label: string; icon: typeof X }[] = [
  { deed: 'resolve', label: 'Resolve…', icon: CircleCheck },
  { deed: 'return', label: 'Give it back…', icon: CornerDownLeft },
  { deed: 'reassign', label: 'Give it to…', icon: UserRoundCog },
  { deed: 'release', label: 'Back into the queue', icon: Undo2 },
  { deed: 'cancel', label: 'Take it back…', icon: X },
]

export function EscalationMenu({ escalation }: { escalation: Escalation }) {
  const deeds = useDeeds(escalation)
  const [open, setOpen] = useState<Deed | null>(null)
  const letGo = useDeed('It was not put back.')
  const choose = (deed: Deed) => (deed === 'release' ? letGo.mutate(release(escalation.id)) : setOpen(deed))
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More about this escalation">
            <Ellipsis className="size-4" aria-hidden />
          </IconButton>
        }
      >
        {ITEMS.filter(({ deed }) => deeds.has(deed)).map(({ deed, label, icon: Glyph }) => (
          <MenuItem key={deed} icon={<Glyph className="size-4" aria-hidden />} onSelect={() => choose(deed)}>
            {label}
          </MenuItem>
        ))}
        {deeds.size > 0 && <MenuLine />}
        <MenuItem
          icon={<Link2 className="size-4" aria-hidden />}
          onSelect={() => void copyLink(escalation.id)}
        >
          Copy the link
        </MenuItem>
      </Menu>
      {open && <DeedDialog deed={open} escalation={escalation} onClose={() => setOpen(null)} />}
    </>
  )
}

type DeedDialogProps = { deed: Deed; escalation: Escalation; onClose(): void }

export function DeedDialog({ deed, escalation, onClose }: DeedDialogProps) {
  switch (deed) {
    case 'resolve':
      return <ResolveDialog escalation={escalation} onClose={onClose} />
    case 'return':
      return <ReturnDialog escalation={escalation} onClose={onClose} />
    case 'reassign':
      return <ReassignDialog escalation={escalation} onClose={onClose} />
    case 'cancel':
      return <CancelDialog escalation={escalation} onClose={onClose} />
    case 'release':
      return null
  }
}

function CancelDialog({ escalation, onClose }: { escalation: Escalation; onClose(): void }) {
  const takeBack = useDeed('It was not taken back.')
  return (
    <ConfirmDialog
      title="Take the escalation back?"
      action="Take it back"
      onClose={onClose}
      onConfirm={() => takeBack.mutate(cancel(escalation.id))}
    >
      Nobody is asked for help any more{escalation.holds_run && ', and the run goes on by itself'}. It stays
      in the list of closed ones, and help can be asked for again at any time.
    </ConfirmDialog>
  )
}

async function copyLink(id: string) {
  try {
    await navigator.clipboard.writeText(`${location.origin}/escalations/${id}`)
    showToast({ tone: 'plain', title: 'The link was copied.' })
  } catch {
    showToast({ tone: 'bad', title: 'The link was not copied.', body: 'The browser does not allow it here.' })
  }
}
