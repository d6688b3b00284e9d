import { useQuery } from '@tanstack/react-query'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { treeOf } from '../files/tree-diff.ts'
import type { Chosen } from './choose-zip.tsx'
import { type ImportPlan, planImport } from './import-plan.ts'

export function usePlan(project: ProjectSnapshot, chosen: Chosen | null): ImportPlan | undefined {
  return useQuery({
    queryKey: ['import-plan', project.project.id, project.version, chosen?.name, chosen?.files],
    queryFn: () => planImport(treeOf(project.files), chosen?.files ?? []),
    enabled: chosen !== null,
    gcTime: 0,
    networkMode: 'always',
  }).data
}

export function PlanOf({ plan: { added, changed, same }, replace }: { plan: ImportPlan; replace: boolean }) {
  const rows = [
    ...added.map((path) => ({ path, letter: 'A', title: 'New' })),
    ...changed.map((path) => ({ path, letter: 'M', title: 'Replaced' })),
  ]
  return (
    <section aria-label="What will change" className="flex flex-col gap-1.5">
      <p role="status">
        {rows.length === 0 && !replace
          ? 'Nothing will change: all of it is there already.'
          : `${counted(added)} new, ${counted(changed)} replaced, ${counted(same)} as they are.`}
      </p>
      {rows.length > 0 && (
        <ul
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard
          tabIndex={0}
          className="max-h-44 overflow-auto rounded-md border border-line py-1 font-mono text-xs"
        >
          {rows.map(({ path, letter, title }) => (
            <li key={path} className="flex gap-2 px-2.5 py-0.5">
              <abbr title={title} className="w-3 shrink-0 font-semibold no-underline">
                {letter}
              </abbr>
              <span className="min-w-0 truncate" title={path}>
                {path}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const counted = ({ length }: string[]) => length.toLocaleString('en')
