/** What people do in a conversation: write, correct themselves, answer, press stop and let it go on. */
import { setTimeout as pause } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Person } from '../person.ts'
import type { Place } from './evidence.ts'
import { persistently } from './persistently.ts'
import type { Random } from './random.ts'
import { type Exchange, keyOf, type Script } from './script.ts'
import { signedIn } from './signed-in.ts'
import type { Speaker } from './speaker.ts'

export type Stage = { sql: postgres.Sql; person: Person; teamId: string }

const POLL_MS = 40

type Situation = {
  state: string | null
  isStuck: boolean
  run: string | null
  queued: number
  questions: { id: string; api_id: string }[]
}

/** Resolves when everything was said and answered, or with what keeps it from that. */
export async function playPeople(
  script: Script,
  place: Place,
  { sql, person }: Stage,
  speaker: Speaker,
  random: Random,
  patience: AbortSignal,
): Promise<string[]> {
  const me = () => signedIn(sql, person)
  let stopping: Promise<void> = Promise.resolve()

  const look = () =>
    persistently(async () => {
      const [row] = await sql<Situation[]>`
        select r.state, r.state = 'waiting' and r.error is not null as "isStuck", r.id as run,
          (select count(*)::int from public.messages m where m.chat_id = c.id and m.state = 'queued') as queued,
          array(select jsonb_build_object('id', q.id, 'api_id', t.api_id) from public.questions q
            join public.tool_calls t on t.id = q.tool_call_id where q.chat_id = c.id and q.state = 'open') as questions
        from public.chats c
        left join lateral (select * from public.runs where chat_id = c.id order by created_at desc limit 1) r on true
        where c.id = ${place.chatId}`
      return row!
    })

  const sayAgain = async (message: string, at: number) => {
    const entry = sql`(select id from public.entries where chat_id = ${place.chatId} and data ->> 'client_id' = ${`client ${at}`})`
    const once = () =>
      persistently(
        () => sql`select public.resend_from(${entry}, ${message}, ${`client ${at} again`}) from ${me()}`,
      )
    await Promise.all([once(), once()])
  }

  const say = async ({ message, draft }: Pick<Exchange, 'message' | 'draft'>, at: number) => {
    const once = () =>
      persistently(
        () => sql<{ sent: { message_id: string } }[]>`
        select public.send_message(${place.chatId}, ${draft ?? message}, ${`client ${at}`}) as sent from ${me()}`,
      )
    const [[first], [second]] = await Promise.all([once(), once()])
    if (first!.sent.message_id !== second!.sent.message_id) throw new Error('One message was sent twice.')
    if (draft)
      await allowing(
        'BT028',
        persistently(
          () => sql`select public.edit_message(${first!.sent.message_id}, ${message}) from ${me()}`,
        ),
      )
  }

  const answer = ({ id, api_id }: Situation['questions'][number]) =>
    allowing(
      /BT030|BT026/,
      persistently(
        () =>
          sql`select public.answer_question(${id}, ${sql.json(script.answers.get(keyOf(api_id)) as never)}) from ${me()}`,
      ),
    )

  /** Answers what is asked, until nothing goes on and nothing waits. */
  const attend = async (isEnough: () => boolean = () => false): Promise<void> => {
    while (!isEnough()) {
      patience.throwIfAborted()
      const { state, isStuck, queued, questions } = await look()
      for (const question of questions) await answer(question)
      if (state === 'failed' || isStuck) throw new Error('The run cannot go on.')
      if (state === 'completed' && queued === 0) return
      await pause(POLL_MS)
    }
  }

  const stopOnce = async (count: number) => {
    await Promise.race([speaker.asked(count), whenAborted(patience)])
    await pause(random.whole(0, 300))
    const { run } = await look()
    await persistently(() => sql`select public.stop_run(${run}) from ${me()}`)
    await pause(random.whole(0, 200))
    const after = await look()
    if (after.state === 'stopped')
      await allowing(
        'BT029',
        persistently(() => sql`select public.retry_run(${after.run}) from ${me()}`),
      )
  }

  try {
    for (const count of script.stops) stopping = stopOnce(count)
    for (const [at, exchange] of script.exchanges.entries()) {
      if (exchange.whileAsked !== null) {
        let isTime = false
        void speaker.asked(exchange.whileAsked).then(() => {
          isTime = true
        })
        await attend(() => isTime)
      }
      const { before } = exchange
      await say(before ? { message: before.message, draft: null } : exchange, at)
      if (before) {
        await attend()
        await sayAgain(exchange.message, at)
      }
      if (script.exchanges[at + 1]?.whileAsked == null) await attend()
    }
    return []
  } catch (error) {
    return [`${(error as Error).message} (${JSON.stringify(await look())})`]
  } finally {
    void stopping.catch(() => {})
  }
}

/** A refusal that only says that somebody was faster. */
async function allowing(code: string | RegExp, work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: string }) => {
    if (!new RegExp(code).test(error.code ?? '')) throw error
  })
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}
