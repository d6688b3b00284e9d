import { useMutation } from '@tanstack/react-query'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { openChats, useOpenPlace } from '../projects/project.ts'
import { rpc } from '../rpc.ts'
import { showToast } from '../ui/toasts.ts'

/** Tells the agent, in the chat that is open, else in the newest, else in a new one. */
export function useFixIt(project: ProjectSnapshot) {
  const { chatId } = useOpenPlace()
  return useMutation({
    networkMode: 'always',
    mutationFn: async (content: string) => {
      const open = openChats(project.chats)
      const chat = open.find(({ id }) => id === chatId) ?? open[0]
      const target = chat ?? (await rpc('create_chat', { project_id: project.project.id }))
      await rpc('send_message', {
        chat_id: target.id,
        content,
        client_id: crypto.randomUUID(),
        attachments: [],
      })
    },
    onSuccess: () => showToast({ tone: 'plain', title: 'The agent was told.' }),
    onError: (cause) =>
      showToast({ tone: 'bad', title: 'The agent was not told.', body: sentenceOf(toBatonError(cause)) }),
  })
}
