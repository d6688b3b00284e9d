import { useQuery } from '@tanstack/react-query'
import { FileText, Image, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Attachment } from '../../supabase/functions/_shared/protocol.ts'
import { sizeText } from '../ui/size.ts'
import { download, isImage } from './attaching.ts'

type AttachmentListProps = { attachments: readonly Attachment[]; onRemove?(attachment: Attachment): void }

export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  if (attachments.length === 0) return null
  return (
    <ul aria-label="Attachments" className="flex flex-wrap gap-2">
      {attachments.map((attachment) => (
        <li
          key={attachment.path}
          className="flex max-w-full items-center gap-2 overflow-hidden rounded-md border border-line bg-surface pr-2 text-xs"
        >
          {isImage(attachment) ? (
            <Thumbnail attachment={attachment} />
          ) : (
            <FileText className="ml-2 size-4 shrink-0 text-muted" aria-hidden />
          )}
          <span className="min-w-0 truncate py-1.5">{attachment.name}</span>
          <span className="tabular text-faint">{sizeText(attachment.size)}</span>
          {onRemove && (
            <button
              type="button"
              aria-label={`Remove ${attachment.name}`}
              onClick={() => onRemove(attachment)}
              className="-mr-1 inline-flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover pointer-coarse:size-9"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** From our own bucket, with the right of the reader. */
function Thumbnail({ attachment }: { attachment: Attachment }) {
  const { data: blob } = useQuery({
    queryKey: ['attachment', attachment.path],
    queryFn: ({ signal }) => download(attachment, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const url = useObjectUrl(blob)
  if (!url) return <Image className="ml-2 size-4 shrink-0 text-muted" aria-hidden />
  return <img src={url} alt="" className="size-8 shrink-0 object-cover" />
}

function useObjectUrl(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url
}
