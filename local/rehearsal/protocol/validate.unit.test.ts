import { expect, test } from 'vitest'
import type { Block, Message, MessagesRequest } from './messages.ts'
import { signThinking } from './signature.ts'
import { findFault } from './validate.ts'

const user = (content: Message['content']): Message => ({ role: 'user', content })
const assistant = (content: Block[]): Message => ({ role: 'assistant', content })
const text = (said: string): Block => ({ type: 'text', text: said })
const call = (id: string): Block => ({ type: 'tool_use', id, name: 'list_files', input: {} })
const result = (id: string): Block => ({ type: 'tool_result', tool_use_id: id, content: 'a.ts' })
const request = (messages: Message[], more: Partial<MessagesRequest> = {}): MessagesRequest => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages,
  ...more,
})

test('a conversation with tools, thinking and results is right', () => {
  const thought: Block = { type: 'thinking', thinking: 'Hm.', signature: signThinking('Hm.') }
  const messages = [
    user('Hi'),
    assistant([thought, call('a'), call('b')]),
    user([result('b'), result('a'), text('Go on')]),
  ]
  expect(findFault(request(messages))).toBeNull()
})

test.for<[string, MessagesRequest, RegExp]>([
  ['no limit', request([user('Hi')], { max_tokens: 0 }), /^max_tokens/],
  ['no messages', request([]), /at least one message/],
  ['an answer at the beginning', request([assistant([text('Hi')]), user('Hi')]), /first message/],
  ['an answer at the end', request([user('Hi'), assistant([text('Hi')])]), /prefill/],
  ['an empty message', request([user('')]), /non-empty/],
  ['white space alone', request([user([text(' \n')])]), /non-whitespace/],
  [
    'a call without a result',
    request([user('Hi'), assistant([call('a')]), user('Well?')]),
    /without `tool_result`/,
  ],
  [
    'a result without a call',
    request([user('Hi'), assistant([text('Yes')]), user([result('a')])]),
    /unexpected `tool_use_id`/,
  ],
  [
    'a result twice',
    request([user('Hi'), assistant([call('a')]), user([result('a'), result('a')])]),
    /multiple/,
  ],
  [
    'a result after text',
    request([user('Hi'), assistant([call('a')]), user([text('So'), result('a')])]),
    /must come first/,
  ],
  [
    'an id twice',
    request([
      user('Hi'),
      assistant([call('a')]),
      user([result('a')]),
      assistant([call('a')]),
      user([result('a')]),
    ]),
    /ids must be unique/,
  ],
  [
    'changed thinking',
    request([
      user('Hi'),
      assistant([{ type: 'thinking', thinking: 'Hm!', signature: signThinking('Hm.') }, call('a')]),
      user([result('a')]),
    ]),
    /Invalid `signature`/,
  ],
  [
    'five marks for the cache',
    request([
      user(Array.from({ length: 5 }, () => ({ ...text('Hi'), cache_control: { type: 'ephemeral' } }))),
    ]),
    /maximum of 4/,
  ],
  ['a tool without a schema', request([user('Hi')], { tools: [{ name: 'tea' }] }), /input_schema/],
])('%s is refused', ([, wrong, fault]) => {
  expect(findFault(wrong)).toMatch(fault)
})
