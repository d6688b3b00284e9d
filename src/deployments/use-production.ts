import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Deployment, Host, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { projectFeed } from '../projects/project-feed.ts'
import { rpc } from '../rpc.ts'
import { showToast } from '../ui/toasts.ts'
import { shownOf } from './show-state.ts'

/** Going to another deployment, or to none. Each can be taken back with one click, since only a pointer is turned. */
export function useProduction(project: ProjectSnapshot) {
  const queryClient = useQueryClient()
  const project_id = project.project.id

  const isShown = (host: Host) =>
    confirmed(queryClient, projectFeed(project_id).queryKey, (now: ProjectSnapshot) =>
      now.hosts.some((one) => one.kind === 'production' && one.updated_at >= host.updated_at),
    )
  const show = async (deploymentId: string) =>
    isShown(await rpc('rollback', { project_id, deployment_id: deploymentId }))
  const hide = async () => isShown(await rpc('unpublish', { project_id }))

  const undoTo = (before: string | null) => ({
    label: 'Undo',
    act: () => void (before ? show(before) : hide()).catch((cause) => say('It was not taken back.', cause)),
  })

  const rollback = useMutation({
    networkMode: 'always',
    mutationFn: async (deployment: Pick<Deployment, 'id' | 'version'>) => {
      const before = shownOf(project, 'production').host?.deployment_id ?? null
      await show(deployment.id)
      return before
    },
    onSuccess: (before, { version }) =>
      showToast({
        tone: 'plain',
        title: `The world sees version ${version}.`,
        action: undoTo(before),
      }),
    onError: (cause) => say('Nothing was rolled back.', cause),
  })

  const unpublish = useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      const before = shownOf(project, 'production').host?.deployment_id ?? null
      await hide()
      return before
    },
    onSuccess: (before) =>
      showToast({
        tone: 'plain',
        title: 'The app is not published any more.',
        ...(before ? { action: undoTo(before) } : {}),
      }),
    onError: (cause) => say('The app is still published.', cause),
  })

  return { rollback, unpublish }
}

function say(title: string, cause: unknown): void {
  showToast({ tone: 'bad', title, body: sentenceOf(toBatonError(cause)) })
}
