import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { ScrollBox } from '../ui/scroll-box.tsx'

/** What a chart was drawn from, for those who read numbers, or cannot see it. */
export function Numbers({ of, children }: { of: string; children: ReactNode }) {
  return (
    <details className="group">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded-sm text-muted hover:text-text">
        <ChevronRight className="size-4 group-open:rotate-90" aria-hidden />
        The numbers
      </summary>
      <ScrollBox
        label={`The numbers ${of}`}
        className="mt-2 max-h-72 overflow-auto rounded-lg border border-line"
      >
        <table className="tabular w-full text-right [&_td]:px-3 [&_td]:py-1.5 [&_th]:px-3 [&_th]:py-1.5 [&_th]:font-normal [&_th:first-child]:text-left [&_thead]:text-xs [&_thead]:text-muted [&_tr]:border-b [&_tr]:border-line">
          {children}
        </table>
      </ScrollBox>
    </details>
  )
}
