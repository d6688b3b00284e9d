import { describe, expect, test } from 'vitest'
import {
  Broadcast,
  decodeFrame,
  encodeMessage,
  encodeUserBroadcast,
  MalformedFrame,
  parseVsn,
} from './protocol.ts'

const hex = (text: string) => Buffer.from(text.replace(/[^0-9a-f]/gi, ''), 'hex')
const user = (event: string, payload: string) =>
  ({ form: 'user', event, encoding: 'json', bytes: Buffer.from(payload) }) as const

describe('the byte vectors', () => {
  test('a client broadcast of version 2 is kind 3', () => {
    const bytes = hex('03 01 01 0a 01 00 01 | 31 32 7265616c74696d653a72 65 7b7d')
    expect(decodeFrame(2, bytes, true)).toEqual({
      joinRef: '1',
      ref: '2',
      topic: 'realtime:r',
      event: 'broadcast',
      payload: { kind: 'user', event: 'e', encoding: 'json', bytes: Buffer.from('{}') },
      size: 2,
    })
  })

  test('a broadcast to a client of version 2 is kind 4', () => {
    const frame = encodeUserBroadcast('realtime:r', user('e', '{}'))
    expect(frame).toEqual({ data: hex('04 0a 01 00 01 | 7265616c74696d653a72 65 7b7d'), binary: true })
  })

  test('metadata of kind 4 is JSON between event and payload', () => {
    const frame = encodeUserBroadcast('realtime:r', { ...user('e', '{}'), meta: { id: 'x' } })
    expect(frame?.data).toEqual(hex('04 0a 01 0a 01 | 7265616c74696d653a72 65 7b226964223a2278227d 7b7d'))
  })

  test("Phoenix's own push is kind 0", () => {
    const bytes = hex('00 01 01 0a 01 | 31 32 7265616c74696d653a72 65 ff00')
    expect(decodeFrame(2, bytes, true)).toMatchObject({
      joinRef: '1',
      ref: '2',
      topic: 'realtime:r',
      event: 'e',
      payload: { kind: 'raw', bytes: hex('ff00') },
    })
  })

  test('raw bytes stay raw', () => {
    const bytes = hex('03 00 00 0a 01 00 00 | 7265616c74696d653a72 65 ff00')
    expect(decodeFrame(2, bytes, true)).toMatchObject({
      joinRef: null,
      ref: null,
      payload: { kind: 'user', encoding: 'raw', bytes: hex('ff00') },
    })
  })
})

describe('text frames', () => {
  test('version 1 is an object, in both directions', () => {
    const text = '{"topic":"realtime:r","event":"e","payload":{"a":1},"ref":"2","join_ref":"1"}'
    const decoded = decodeFrame(1, Buffer.from(text), false)
    expect(decoded).toMatchObject({ joinRef: '1', ref: '2', payload: { kind: 'json', value: { a: 1 } } })
    const encoded = encodeMessage(1, { ...decoded, payload: { a: 1 } })
    expect(encoded).toEqual({ data: Buffer.from(text), binary: false })
  })

  test('version 2 is an array, in both directions', () => {
    const text = '["1","2","realtime:r","e",{"a":1}]'
    const decoded = decodeFrame(2, Buffer.from(text), false)
    expect(decoded).toMatchObject({ joinRef: '1', ref: '2', topic: 'realtime:r', event: 'e' })
    expect(encodeMessage(2, { ...decoded, payload: { a: 1 } }).data.toString()).toBe(text)
  })

  test('without a version it is version 1', () => {
    expect([null, '1.0.0', '2.0.0', '3.0.0', 'x'].map(parseVsn)).toEqual([1, 1, 2, null, null])
  })

  test.each([
    ['no JSON', 2, '{', false],
    ['no array', 2, '{}', false],
    ['a short array', 2, '["1","2","t","e"]', false],
    ['no topic', 2, '[null,null,null,"e",{}]', false],
    ['a ref that is an object', 2, '[{},null,"t","e",{}]', false],
    ['no object', 1, '[]', false],
    ['null', 1, 'null', false],
    ['bytes in version 1', 1, '\u0003', true],
    ['an unknown kind', 2, '\u0009aaaaaaa', true],
    ['an empty binary frame', 2, '', true],
    ['lengths beyond the end', 2, '\u0003\u0001\u0001\u00ff\u0001\u0000\u0001', true],
    ['a header that is cut short', 2, '\u0003\u0001', true],
  ] as const)('%s is refused', (_what, vsn, text, binary) => {
    expect(() => decodeFrame(vsn, Buffer.from(text), binary)).toThrow(MalformedFrame)
  })

  test('a name in Latin-1, as realtime-js writes it, is understood', () => {
    const bytes = hex('03 00 00 01 01 00 01 | e9 65 7b7d')
    expect(decodeFrame(2, bytes, true).topic).toBe('é')
  })
})

describe('a broadcast for many', () => {
  test('is encoded once per version', () => {
    const broadcast = new Broadcast('realtime:r', user('e', '{"a":1}'))
    expect(broadcast.frame(1)).toBe(broadcast.frame(1))
    expect(broadcast.frame(1)?.data.toString()).toBe(
      '{"topic":"realtime:r","event":"broadcast","payload":{"type":"broadcast","event":"e","payload":{"a":1}},"ref":null,"join_ref":null}',
    )
  })

  test('does not reach version 1 when it is bytes', () => {
    const broadcast = new Broadcast('t', { form: 'user', event: 'e', encoding: 'raw', bytes: hex('ff') })
    expect(broadcast.frame(1)).toBeNull()
    expect(broadcast.frame(2)?.binary).toBe(true)
  })

  test('travels as text when a name does not fit into one byte of length', () => {
    const event = 'e'.repeat(256)
    const frame = new Broadcast('t', user(event, '{}')).frame(2)
    expect(JSON.parse(frame!.data.toString())).toEqual([
      null,
      null,
      't',
      'broadcast',
      { type: 'broadcast', event, payload: {} },
    ])
  })
})
