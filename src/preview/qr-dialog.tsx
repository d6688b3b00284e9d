import { encode } from 'uqr'
import { CopyField } from '../ui/copy-field.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** To point a phone at. Dark on light in both themes, since that is what cameras read. */
export function QrDialog({ address, onClose }: { address: string; onClose(): void }) {
  const { data, size } = encode(address, { border: 2 })
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <Dialog title="Open on a phone" onClose={onClose} className="max-w-sm">
      <svg
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={`QR code of ${address}`}
        shapeRendering="crispEdges"
        className="mx-auto size-56 rounded-md bg-[white]"
      >
        <path d={path} fill="#000" />
      </svg>
      <CopyField label="Address" value={address} />
      {isLocal(address) && (
        <p className="text-muted">
          This Baton runs on your own computer, and so does this address: another device reaches it only where
          Baton has a public address.
        </p>
      )}
    </Dialog>
  )
}

const isLocal = (address: string) => /(^|\.)localhost$|^127\./.test(new URL(address).hostname)
