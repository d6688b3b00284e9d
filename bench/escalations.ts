/**
 * Fifty people claim one escalation at the same moment: how long until each knows, in plain SQL and through the data API.
 * Beside it the same claim as it is often written, read and then write, which lets several people win; the bench fails
 * unless it does, since a race that catches nobody proves nothing. And the numbers of 100,000 escalations.
 *
 *   npx tsx bench/escalations.ts [--rounds 10000]
 */
import { apiUrl } from '../local/config.ts'
import { asPerson, createPerson, createTeam, type Person } from '../local/testing/person.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'
import { startStack } from './stack.ts'

const PEOPLE = 50
const CLAIM_BUDGET_MS = 150
const METRICS_BUDGET_MS = 300
const ROWS = 100_000
const ROUNDS = roundsAsked() ?? times(100, 10)

await using stack = await startStack(['gateway'])
const sql = stack.sql('postgres', 4)
const crowd = stack.sql('authenticator', PEOPLE)
const reserved = await Promise.all(Array.from({ length: PEOPLE }, () => crowd.reserve()))
for (const connection of reserved) connection.release()

const owner = await createPerson(stack.config, sql)
const team = await createTeam(sql, owner)
const seniors: Person[] = []
for (let number = 0; number < PEOPLE; number++) seniors.push(await newSenior())
const place = await newChat()
const escalationId = await raise()
await sql.unsafe(READ_THEN_WRITE())

const ours = await race(ROUNDS, (person) => claimInSql(person, 'claim_escalation'))
const naive = await race(times(60, 20), (person) => claimInSql(person, 'claim_by_reading_first'))
const overHttp = await race(times(40, 6), claimOverHttp)
if (ours.doubled + overHttp.doubled > 0) throw new Error('A round had more than one winner.')
if (naive.doubled === 0)
  throw new Error('Reading first never let two people win, so this race proves nothing.')

report(`claim by ${PEOPLE}: rounds with one winner`, 'rounds', ours.rounds - ours.doubled, ours.rounds)
report(`read-then-write by ${PEOPLE}: rounds with several`, 'rounds', naive.doubled, naive.rounds)
for (const share of [50, 99]) {
  const [mine, theirs] = [percentile(ours.samples, share), percentile(naive.samples, share)]
  report(`claim by ${PEOPLE} at once p${share}, beside read-then-write`, 'ms', mine, theirs)
}
report(`claim by ${PEOPLE} at once p99, of its budget`, 'ms', percentile(ours.samples, 99), CLAIM_BUDGET_MS)
report(
  `claim by ${PEOPLE} at once over HTTP p99, of its budget`,
  'ms',
  percentile(overHttp.samples, 99),
  CLAIM_BUDGET_MS,
)

await fill()
const metrics = await sample(readMetrics)
const counting = await sample(() => sql`select count(*) from public.escalations where team_id = ${team.id}`)
report(
  `metrics of ${ROWS} p50, beside counting them`,
  'ms',
  percentile(metrics, 50),
  percentile(counting, 50),
)
report(`metrics of ${ROWS} p95, of its budget`, 'ms', percentile(metrics, 95), METRICS_BUDGET_MS)

type Race = { samples: number[]; rounds: number; doubled: number }

/** Each round begins with it open. Measured is, for each person, from the moment at which all press to the answer. */
async function race(rounds: number, claim: (person: Person) => Promise<boolean>): Promise<Race> {
  const samples: number[] = []
  let doubled = 0
  for (let round = -2; round < rounds; round++) {
    await reopen()
    const began = performance.now()
    const won = await Promise.all(
      seniors.map(async (person) => {
        const isMine = await claim(person)
        if (round >= 0) samples.push(performance.now() - began)
        return isMine
      }),
    )
    const winners = won.filter(Boolean).length
    if (winners === 0) throw new Error('Nobody won a round.')
    if (round >= 0 && winners > 1) doubled++
  }
  return { samples, rounds, doubled }
}

/** As the data API does: the refusal is an answer, and is committed. */
async function claimInSql(person: Person, name: string): Promise<boolean> {
  const [row] = await asPerson(crowd, person, async (transaction) => {
    await transaction`select set_config('request.method', 'POST', true)`
    return await transaction.unsafe(`select public.${name}($1) as answer`, [escalationId])
  })
  return row!.answer.code !== 'PT409'
}

async function claimOverHttp({ token }: Person): Promise<boolean> {
  const response = await fetch(`${apiUrl(stack.config)}/rest/v1/rpc/claim_escalation`, {
    method: 'POST',
    headers: {
      apikey: stack.config.keys.publishable,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ escalation_id: escalationId }),
  })
  const answer = await response.text()
  if (response.status !== 200 && response.status !== 409) throw new Error(`${response.status} ${answer}`)
  return response.status === 200
}

async function newSenior(): Promise<Person> {
  const person = await createPerson(stack.config, sql)
  await sql`insert into public.memberships (team_id, user_id, role) values (${team.id}, ${person.id}, 'senior')`
  return person
}

async function newChat(): Promise<{ projectId: string; chatId: string }> {
  type Made = { id: string }[]
  return await asPerson(sql, owner, async (transaction) => {
    const [project] = await transaction<Made>`select public.create_project(${team.id}, 'App') ->> 'id' as id`
    const [chat] = await transaction<Made>`select public.create_chat(${project!.id}) ->> 'id' as id`
    return { projectId: project!.id, chatId: chat!.id }
  })
}

async function raise(): Promise<string> {
  const [row] = await asPerson(
    sql,
    owner,
    (transaction) => transaction`select public.escalate(${place.chatId}::uuid, 'It is stuck.') as e`,
  )
  return row!.e.id
}

/** By hand, since a release would tell fifty people each time. */
async function reopen(): Promise<void> {
  await sql`delete from public.claims where escalation_id = ${escalationId}`
  await sql`
    update public.escalations set state = 'open', claimed_by = null, claimed_at = null, touched_at = null,
      reminds_at = null, lapses_at = null where id = ${escalationId}`
}

/** The mistake that is to be seen: what was read may be over when it is written. */
function READ_THEN_WRITE(): string {
  return `
    create function public.claim_by_reading_first(escalation_id uuid)
    returns jsonb language plpgsql security definer set search_path = '' as $$
    declare
      e public.escalations;
    begin
      select x.* into e from public.escalations x where x.id = claim_by_reading_first.escalation_id;
      if e.state <> 'open' then
        perform public.append_event('team:' || e.team_id, 'escalation.event', '{"kind": "refused"}');
        return '{"code": "PT409"}';
      end if;
      update public.escalations x
      set state = 'claimed', claimed_by = baton.caller(), claimed_at = now(), touched_at = now(), lapses_at = now()
      where x.id = e.id;
      perform public.append_event('team:' || e.team_id, 'escalation.event', '{"kind": "claimed"}');
      return '{"code": "ok"}';
    end
    $$;
    grant execute on function public.claim_by_reading_first(uuid) to authenticated`
}

/** Two years of a busy team: nine in ten were resolved, and they took minutes to hours. */
async function fill(): Promise<void> {
  const holders = seniors.map(({ id }) => id)
  await sql`
    insert into public.escalations (team_id, project_id, chat_id, source, priority, reason, state, raised_at, claimed_by,
      claimed_at, first_claimed_at, closed_at, cause, assessment_was_right, assessment_confidence, lapses)
    select ${team.id}, ${place.projectId}, ${place.chatId}, (array['person', 'agent', 'loop', 'fault'])[1 + n % 4], 'normal',
      'Number ' || n, case when n % 10 = 0 then 'returned' else 'resolved' end, raised, holder, claimed, claimed,
      claimed + (n % 7919) * interval '1 second', 'Cause ' || n % 9, n % 3 > 0,
      (array['low', 'medium', 'high'])[1 + n % 3]::public.confidence, case when n % 25 = 0 then 1 else 0 end
    from (
      select n, (${holders}::uuid[])[1 + n % ${PEOPLE}] as holder,
        now() - n * interval '10 minutes' as raised,
        now() - n * interval '10 minutes' + (n % 1777) * interval '1 second' as claimed
      from generate_series(20, ${ROWS + 19}) n
    ) past`
  await sql`vacuum analyze public.escalations`
}

function readMetrics(): Promise<unknown> {
  return asPerson(
    sql,
    owner,
    (transaction) => transaction`
      select public.escalation_metrics(${team.id}, now() - interval '1826 days', now(), time_zone => 'Europe/Berlin')`,
  )
}

async function sample(task: () => PromiseLike<unknown>): Promise<number[]> {
  await task()
  const samples: number[] = []
  for (let turn = 0; turn < times(20, 5); turn++) {
    samples.push(await millisecondsOf(async () => await task()))
  }
  return samples
}

function roundsAsked(): number | null {
  const at = process.argv.indexOf('--rounds')
  return at < 0 ? null : Number(process.argv[at + 1])
}
