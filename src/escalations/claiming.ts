/** Every way to claim goes through here: whoever wins is taken to the chat, whoever loses is told and back in the queue. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { showToast } from '../ui/toasts.ts'
import { conflictOf, sentenceOfConflict } from './claim-conflict.ts'

export function useClaim() {
  const navigate = useNavigate()
  return useMutation({
    mutationKey: ['escalation', 'claim'],
    networkMode: 'always',
    mutationFn: (id: string) => rpc('claim_escalation', { escalation_id: id }),
    onSuccess: ({ project_id, chat_id }) =>
      navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: project_id, chatId: chat_id } }),
    onError: (cause) => {
      const error = toBatonError(cause)
      const conflict = conflictOf(error)
      if (!conflict) {
        showToast({ tone: 'bad', title: 'It could not be claimed.', body: sentenceOf(error) })
        return
      }
      showToast({ tone: 'plain', title: sentenceOfConflict(conflict, Date.now()) })
      void navigate({ to: '/escalations' })
    },
  })
}
