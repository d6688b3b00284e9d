import { useNavigate } from '@tanstack/react-router'
import { rpc } from '../rpc.ts'
import { NameDialog } from './name-dialog.tsx'

/** Makes the project with its first chat, and opens that: the next thing is to say what it shall be. */
export function CreateProjectDialog({ teamId, onClose }: { teamId: string; onClose(): void }) {
  const navigate = useNavigate()
  const create = async (name: string) => {
    const project = await rpc('create_project', { team_id: teamId, name })
    return rpc('create_chat', { project_id: project.id })
  }
  return (
    <NameDialog
      title="New project"
      label="Name of the project"
      hint="You can change it at any time, and so can the agent when it knows more."
      action="Create the project"
      send={create}
      onClose={onClose}
      onDone={({ id, project_id }) =>
        navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: project_id, chatId: id } })
      }
    />
  )
}
