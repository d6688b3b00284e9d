import { expect, test } from 'vitest'
import type {
  BatonEvent,
  Build,
  Deployment,
  EventKind,
  Host,
  PreviewError,
  ProjectSnapshot,
} from '../../supabase/functions/_shared/protocol.ts'
import { applyBuildEvent } from './build-changes.ts'
import { addressOf, previewStateOf, shownOf } from './show-state.ts'

const EMPTY = {
  seq: 0,
  builds: [],
  deployments: [],
  hosts: [],
  variables: [],
  domains: [],
  preview_errors: [],
  preview_questions: [],
} as unknown as ProjectSnapshot

type PayloadOf<Kind extends EventKind> = Extract<BatonEvent, { kind: Kind }>['payload']
const event = <Kind extends EventKind>(kind: Kind, payload: PayloadOf<Kind>) =>
  ({ topic: 'project:p', seq: 1, kind, payload, at: '' }) as unknown as BatonEvent
const after = (...events: BatonEvent[]) => events.reduce(applyBuildEvent, EMPTY)

const build = (id: string, values: Partial<Build> = {}) =>
  event('build.changed', {
    id,
    kind: 'preview',
    state: 'pending',
    version: 1,
    created_at: id,
    ...values,
  } as Build)
const deployment = (id: string, values: Partial<Deployment> = {}) =>
  event('deployment.made', { id, kind: 'preview', version: 1, created_at: id, ...values } as Deployment)
const host = (values: Partial<Host>) =>
  event('host.changed', {
    kind: 'preview',
    slug: 'app',
    visibility: 'link',
    key: null,
    deployment_id: null,
    ...values,
  } as Host)
const shown = (project: ProjectSnapshot) => shownOf(project, 'preview')

test('a build goes from waiting to its end, newest first, and a superseded one goes', () => {
  const project = after(
    build('1'),
    build('2'),
    build('1', { state: 'running' }),
    build('2', { state: 'superseded' }),
  )
  expect(project.builds.map(({ id, state }) => `${id} ${state}`)).toEqual(['1 running'])
})

test('what is on show stays known however many came after it', () => {
  const many = Array.from({ length: 30 }, (_, index) => deployment(`d${String(index).padStart(2, '0')}`))
  const project = after(host({ deployment_id: 'd00' }), ...many)
  expect(project.deployments).toHaveLength(21)
  expect(project.deployments.at(-1)?.id).toBe('d00')
  expect(applyBuildEvent(project, host({ deployment_id: 'd29' })).deployments).toHaveLength(20)
})

test('an event that is told twice changes nothing', () => {
  const events = [build('1'), deployment('d'), host({ deployment_id: 'd' })]
  expect(after(...events, ...events)).toEqual(after(...events))
})

test('a variable is known without its value, which the row alone has', () => {
  const changed = event('variable.changed', { name: 'VITE_A', updated_by: null, updated_at: 'now' })
  expect(after(changed).variables).toEqual([
    { name: 'VITE_A', value: '', updated_by: null, updated_at: 'now' },
  ])
  expect(after(changed, event('variable.deleted', { name: 'VITE_A' })).variables).toEqual([])
})

test('an error that comes again moves to the front, and cleared ones go', () => {
  const error = (id: string, last_at: string, count = 1) =>
    event('preview.error', { id, last_at, count } as PreviewError)
  const project = after(error('a', '1'), error('b', '2'), error('a', '3', 2))
  expect(project.preview_errors.map(({ id, count }) => `${id} ${count}`)).toEqual(['a 2', 'b 1'])
  expect(applyBuildEvent(project, event('preview.cleared', { ids: ['a'] })).preview_errors).toHaveLength(1)
})

test('a question is open until it is answered', () => {
  const asked = event('preview.asked', { id: 'q' } as PayloadOf<'preview.asked'>)
  expect(after(asked).preview_questions).toHaveLength(1)
  expect(after(asked, event('preview.answered', { id: 'q', state: 'answered' })).preview_questions).toEqual(
    [],
  )
})

test('an event about something else leaves the very same object', () => {
  expect(applyBuildEvent(EMPTY, event('chat.renamed', { id: 'c', title: 't' }))).toBe(EMPTY)
})

test('while the newest build is broken the last good one is shown, with the failure', () => {
  const project = after(
    deployment('d', { version: 3 }),
    host({ deployment_id: 'd' }),
    build('1', { state: 'succeeded', version: 3 }),
    build('2', { state: 'failed', version: 5 }),
  )
  expect(shown(project)).toMatchObject({ deployment: { id: 'd' }, failed: { id: '2' }, underWay: null })
  expect(previewStateOf(shown(project)).state).toBe('shown')
})

test('a failure is over as soon as something newer is shown', () => {
  const project = after(
    build('2', { state: 'failed', version: 5 }),
    build('3', { state: 'succeeded', version: 6 }),
    deployment('e', { version: 6 }),
    host({ deployment_id: 'e' }),
  )
  expect(shown(project).failed).toBeNull()
})

test('before the first success there is a first build to wait for, or one that is broken', () => {
  expect(previewStateOf(shown(after(build('1')))).state).toBe('first')
  const broken = after(build('1', { state: 'failed' }))
  expect(previewStateOf(shown(broken)).state).toBe('broken')
  expect(previewStateOf(shown(applyBuildEvent(broken, build('2')))).state).toBe('first')
})

test('a private preview has its key in its address, a production one is on the other domain', () => {
  const base = { project_id: 'p', slug: 'app-1', deployment_id: null, key: 'abc', updated_at: '' }
  const url = 'http://preview.localhost:7003'
  expect(addressOf({ ...base, kind: 'preview', visibility: 'link' }, url)).toBe(
    'http://app-1.preview.localhost:7003',
  )
  expect(addressOf({ ...base, kind: 'preview', visibility: 'private' }, url)).toBe(
    'http://app-1--abc.preview.localhost:7003',
  )
  expect(addressOf({ ...base, kind: 'production', visibility: 'link' }, url)).toBe(
    'http://app-1.apps.localhost:7003',
  )
})
