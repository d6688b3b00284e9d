import { Undo2 } from 'lucide-react'
import type { Build, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { usePublishRight } from './rights.ts'
import { useProduction } from './use-production.ts'

/** One click, no question: it is taken back the same way. */
export function RollbackButton({ build, project }: { build: Build; project: ProjectSnapshot }) {
  const { rollback } = useProduction(project)
  const { may } = usePublishRight(project)
  if (!may || build.deployment_id === null) return null
  const deployment = { id: build.deployment_id, version: build.version }
  return (
    <Button className="h-7" pending={rollback.isPending} onClick={() => rollback.mutate(deployment)}>
      <Undo2 className="size-4" aria-hidden />
      <span className="@max-md:sr-only">Show this to the world</span>
    </Button>
  )
}
