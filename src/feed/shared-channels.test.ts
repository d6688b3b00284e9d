import { expect, test } from 'vitest'
import type { Hint } from '../../supabase/functions/_shared/protocol.ts'
import { sharingChannels } from './shared-channels.ts'
import type { ChannelHandlers } from './transport.ts'

const hint: Hint = { topic: 'project:1', seq: 1, kind: 'x', at: '' }

function setting() {
  const diary: string[] = []
  const servers: ChannelHandlers[] = []
  const transport = sharingChannels({
    join(topic, handlers) {
      diary.push(`join ${topic}`)
      servers.push(handlers)
      return () => diary.push(`leave ${topic}`)
    },
    readEvents: async () => ({ head: 0, reset: false, events: [] }),
  })
  const follow = (name: string) =>
    transport.join('project:1', {
      joined: () => diary.push(`${name} joined`),
      left: (reason) => diary.push(`${name} ${reason}`),
      hinted: ({ seq }) => diary.push(`${name} hears ${seq}`),
    })
  return { diary, follow, server: () => servers.at(-1)! }
}

test('all who follow a topic share its channel, and who comes later is joined at once', () => {
  const { diary, follow, server } = setting()
  follow('project')
  server().joined()
  follow('chat')
  server().hinted(hint)
  expect(diary).toEqual([
    'join project:1',
    'project joined',
    'chat joined',
    'project hears 1',
    'chat hears 1',
  ])
})

test('the channel is left with the last follower, and nobody hears anything after leaving', () => {
  const { diary, follow, server } = setting()
  const [leaveProject, leaveChat] = [follow('project'), follow('chat')]
  leaveChat()
  leaveChat()
  server().joined()
  leaveProject()
  expect(diary).toEqual(['join project:1', 'project joined', 'leave project:1'])
  follow('chat')
  expect(diary.at(-1)).toBe('join project:1')
})

test('a lost connection is told to all, and joined again for all', () => {
  const { diary, follow, server } = setting()
  follow('project')
  follow('chat')
  server().left('disconnected')
  server().joined()
  expect(diary.slice(1)).toEqual([
    'project disconnected',
    'chat disconnected',
    'project joined',
    'chat joined',
  ])
})

test('after a refusal the first who comes again opens the channel anew', () => {
  const { diary, follow, server } = setting()
  const leave = follow('project')
  follow('chat')
  server().left('refused')
  leave()
  follow('chat')
  follow('project')
  server().joined()
  expect(diary).toEqual([
    'join project:1',
    'leave project:1',
    'project refused',
    'chat refused',
    'join project:1',
    'chat joined',
    'project joined',
  ])
})
