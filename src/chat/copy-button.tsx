import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '../ui/icon-button.tsx'
import { showToast } from '../ui/toasts.ts'

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      showToast({
        tone: 'bad',
        title: 'This browser does not let Baton copy.',
        body: 'Select the text instead.',
      })
    }
  }
  const Glyph = copied ? Check : Copy
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={copy} className="size-7">
      <Glyph className="size-3.5" aria-hidden />
    </IconButton>
  )
}
