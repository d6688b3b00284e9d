/** The real agent on a throwaway Baton, with a model that says what the bench has it say. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { PartName } from '../local/part.ts'
import { startScriptedModel } from '../local/testing/agent/scripted-model.ts'
import { asPerson, createPerson, createTeam } from '../local/testing/person.ts'
import { startStack } from './stack.ts'

export async function startAgentStack(parts: PartName[] = ['gateway', 'functions', 'ticker']) {
  const model = await startScriptedModel()
  const baseUrl = `http://127.0.0.1:${model.port}`
  const stack = await startStack(parts, {
    model: { kind: 'compatible', baseUrl, apiKey: 'key-of-benches' },
  })
  const sql = stack.sql('postgres', 2)
  const person = await createPerson(stack.config, stack.sql('supabase_admin'))
  const team = await createTeam(sql, person)

  const chat = async () => {
    const [project] = await asPerson(
      sql,
      person,
      (t) => t<{ made: { id: string } }[]>`select public.create_project(${team.id}, 'Bench') as made`,
    )
    const [made] = await asPerson(
      sql,
      person,
      (t) => t<{ made: { id: string } }[]>`select public.create_chat(${project!.made.id}, 'Bench') as made`,
    )
    return { id: made!.made.id, projectId: project!.made.id }
  }
  /** Answers the id of the run. */
  const send = async (chatId: string, text: string) => {
    const [row] = await asPerson(
      sql,
      person,
      (t) => t<{ sent: { run_id: string } }[]>`
        select public.send_message(${chatId}, ${text}, ${randomUUID()}) as sent`,
    )
    return row!.sent.run_id
  }
  const ended = async (runId: string) => {
    for (;;) {
      const [run] = await sql<{ state: string; error: unknown }[]>`
        select state, error from public.runs where id = ${runId}`
      if (run!.state === 'completed') return
      if (run!.state === 'failed') throw new Error(`The run failed: ${JSON.stringify(run!.error)}`)
      await pause(10)
    }
  }
  return {
    ...stack,
    sqlAsPostgres: sql,
    model,
    chat,
    send,
    ended,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
    },
  }
}

/** As the database counts it, to the microsecond; both clocks are of this machine. */
export const nowMs = () => performance.timeOrigin + performance.now()
