import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { Project } from '../../supabase/functions/_shared/protocol.ts'
import { useTeam } from '../teams/team.ts'
import { Avatar } from '../ui/avatar.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** Newest first; those in the archive come last, folded away. */
export function ProjectList() {
  const projects = useTeam().projects.toSorted((one, other) => other.created_at.localeCompare(one.created_at))
  const archived = projects.filter(({ archived_at }) => archived_at !== null)
  return (
    <div className="flex flex-col gap-6">
      <Rows projects={projects.filter(({ archived_at }) => archived_at === null)} />
      {archived.length > 0 && (
        <details className="flex flex-col gap-2">
          <summary className="cursor-pointer py-2 text-muted">
            In the archive <span className="tabular">{archived.length}</span>
          </summary>
          <Rows projects={archived} />
        </details>
      )}
    </div>
  )
}

function Rows({ projects }: { projects: Project[] }) {
  if (projects.length === 0) return null
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {projects.map((project) => (
        <li key={project.id}>
          <Link
            to="/p/$projectId"
            params={{ projectId: project.id }}
            className="flex items-center gap-3 px-3 py-2.5 hover:bg-hover"
          >
            <Avatar name={project.name} shape="square" />
            <span className="min-w-0 flex-1 truncate font-medium">{project.name}</span>
            <span className="text-xs whitespace-nowrap text-faint max-md:hidden">
              begun <TimeAgo at={project.created_at} />
            </span>
            <ChevronRight className="size-4 text-faint" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  )
}
