import { Wrench } from 'lucide-react'
import type { Build, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { fixBuildMessage } from './fix-message.ts'
import { useFixIt } from './use-fix-it.ts'

/** The first errors, as the events carry them, are what a message has room for. */
export function FixBuildButton({ project, build }: { project: ProjectSnapshot; build: Build }) {
  const fix = useFixIt(project)
  if (project.project.archived_at !== null || build.errors.length === 0) return null
  return (
    <Button pending={fix.isPending} onClick={() => fix.mutate(fixBuildMessage(build, build.errors))}>
      <Wrench className="size-4" aria-hidden />
      Fix it
    </Button>
  )
}
