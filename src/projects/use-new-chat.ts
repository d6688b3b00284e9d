import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { showToast } from '../ui/toasts.ts'

/** Makes a chat and opens it. */
export function useNewChat() {
  const navigate = useNavigate()
  return useMutation({
    networkMode: 'always',
    mutationFn: (projectId: string) => rpc('create_chat', { project_id: projectId }),
    onSuccess: (chat, projectId) =>
      navigate({ to: '/p/$projectId/c/$chatId', params: { projectId, chatId: chat.id } }),
    onError: (cause) =>
      showToast({ tone: 'bad', title: 'No chat was started.', body: sentenceOf(toBatonError(cause)) }),
  })
}
