import { useEffect, useRef, useState } from 'react'
import { classes } from '../ui/classes.ts'
import type { PreviewLink } from './use-preview-page.ts'
import { useWidth, WIDTHS } from './widths.ts'

type PreviewFrameProps = { link: PreviewLink; address: string; title: string }

/**
 * The app, on an origin of its own and in a sandbox: it cannot lead this page away, and sees nothing of it. A device that
 * is wider than the pane is drawn smaller, not cut.
 */
export function PreviewFrame({ link, address, title }: PreviewFrameProps) {
  const [width] = useWidth()
  const room = useRef<HTMLDivElement>(null)
  const size = useSize(room)
  const device = WIDTHS[width]
  const scale = device && size ? Math.min(1, size.width / device) : 1
  const isDevice = device !== null
  return (
    <div ref={room} className="relative min-h-0 flex-1 overflow-hidden bg-sunken">
      <div
        className={classes('mx-auto h-full overflow-hidden bg-[white]', isDevice && 'border-x border-line')}
        style={isDevice ? { width: Math.round(device * scale) } : {}}
      >
        <iframe
          key={`${address} ${link.frameKey}`}
          ref={link.frame}
          title={title}
          src={address}
          onLoad={link.onLoad}
          sandbox="allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads"
          allow="clipboard-write; fullscreen"
          referrerPolicy="no-referrer"
          className="block h-full w-full origin-top-left border-0"
          style={
            isDevice
              ? { width: device, height: `${100 / scale}%`, transform: `scale(${scale})` }
              : { width: '100%', height: '100%' }
          }
        />
      </div>
    </div>
  )
}

function useSize(ref: React.RefObject<HTMLElement | null>): { width: number } | null {
  const [size, setSize] = useState<{ width: number } | null>(null)
  useEffect(() => {
    if (!ref.current) return
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width }))
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [ref])
  return size
}
