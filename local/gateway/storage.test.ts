import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const ANN = '11111111-1111-4111-8111-111111111111'
const BOB = '22222222-2222-4222-8222-222222222222'
let gateway: TestGateway
let ann: SupabaseClient
let bob: SupabaseClient
let service: SupabaseClient

beforeAll(async () => {
  gateway = await startTestGateway()
  await gateway.database.sql('postgres').unsafe(`
    insert into storage.buckets (id, name, public) values ('own', 'own', false), ('open', 'open', true);
    insert into storage.buckets (id, name, file_size_limit, allowed_mime_types) values ('small', 'small', 10, '{text/plain}');
    create policy "people use their own folder" on storage.objects for all to authenticated
      using (bucket_id in ('own', 'small') and (storage.foldername(name))[1] = (select auth.uid())::text)
      with check (bucket_id in ('own', 'small') and (storage.foldername(name))[1] = (select auth.uid())::text);
  `)
  const person = async (sub: string) =>
    gateway.client({ token: await gateway.token({ role: 'authenticated', sub }) })
  ann = await person(ANN)
  bob = await person(BOB)
  service = gateway.client({ key: gateway.config.keys.secret })
})
afterAll(() => gateway[Symbol.asyncDispose]())

const textOf = async ({ data }: { data: Blob | null }) => data?.text()

describe('objects of a private bucket', () => {
  test('are read and written by those whom the policies name', async () => {
    const path = `${ANN}/notes.txt`
    const { data, error } = await ann.storage.from('own').upload(path, 'Hello', { contentType: 'text/plain' })
    expect([error, data?.fullPath]).toEqual([null, `own/${path}`])
    expect(await textOf(await ann.storage.from('own').download(path))).toBe('Hello')
    expect((await bob.storage.from('own').download(path)).error).not.toBeNull()
    expect((await gateway.client().storage.from('own').download(path)).error).not.toBeNull()
    expect(await textOf(await service.storage.from('own').download(path))).toBe('Hello')
    expect((await bob.storage.from('own').upload(`${ANN}/x.txt`, 'x')).error?.message).toContain(
      'row-level security',
    )
    expect((await gateway.client().storage.from('own').upload('x.txt', 'x')).error).not.toBeNull()
    expect((await bob.storage.from('own').remove([path])).data).toEqual([])
    const [row] = await gateway.database.sql(
      'supabase_admin',
    )`select owner_id, metadata ->> 'mimetype' as type from storage.objects where name = ${path}`
    expect(row).toEqual({ owner_id: ANN, type: 'text/plain' })
  })

  test('are not overwritten by accident, and on purpose are', async () => {
    const path = `${ANN}/twice.txt`
    await ann.storage.from('own').upload(path, 'one')
    expect((await ann.storage.from('own').upload(path, 'two')).error?.message).toContain('exists')
    expect((await ann.storage.from('own').upload(path, 'three', { upsert: true })).error).toBeNull()
    expect((await ann.storage.from('own').update(path, 'four')).error).toBeNull()
    expect(await textOf(await ann.storage.from('own').download(path))).toBe('four')
  })

  test('may come from a browser as a file of a form, of any size and name', async () => {
    const path = `${ANN}/picture, größer (1).png`
    const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251)
    const file = new File([bytes], 'picture.png', { type: 'image/png' })
    expect((await ann.storage.from('own').upload(path, file, { cacheControl: '60' })).error).toBeNull()
    const { data } = await ann.storage.from('own').download(path)
    expect(data?.type).toBe('image/png')
    expect(Buffer.from(await data!.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    expect((await ann.storage.from('own').info(path)).error).toBeNull()
  })

  test('may be empty', async () => {
    expect((await ann.storage.from('own').upload(`${ANN}/empty`, '')).error).toBeNull()
    expect(await textOf(await ann.storage.from('own').download(`${ANN}/empty`))).toBe('')
  })

  test('are moved, copied, and removed with their files', async () => {
    const from = ann.storage.from('own')
    await from.upload(`${ANN}/a.txt`, 'A')
    expect((await from.copy(`${ANN}/a.txt`, `${ANN}/b.txt`)).error).toBeNull()
    expect((await from.move(`${ANN}/b.txt`, `${ANN}/c.txt`)).error).toBeNull()
    expect(await textOf(await from.download(`${ANN}/c.txt`))).toBe('A')
    expect((await from.download(`${ANN}/b.txt`)).error).not.toBeNull()
    const before = filesOf(gateway).length
    expect((await from.remove([`${ANN}/a.txt`, `${ANN}/c.txt`])).data).toHaveLength(2)
    expect(filesOf(gateway)).toHaveLength(before - 2)
  })

  test('are listed by folder, as far as one may see them', async () => {
    const from = ann.storage.from('own')
    for (const name of ['list/1.txt', 'list/2.txt', 'list/deep/3.txt', 'listing.txt'])
      await from.upload(`${ANN}/${name}`, name)
    const names = (entries: { name: string; id: string | null }[] | null) =>
      entries?.map(({ name, id }) => [name, id !== null])
    expect(names((await from.list(`${ANN}/list`)).data)).toEqual([
      ['1.txt', true],
      ['2.txt', true],
      ['deep', false],
    ])
    expect(names((await from.list(`${ANN}/list`, { limit: 1, offset: 1 })).data)).toEqual([['2.txt', true]])
    expect(
      names(
        (await from.list(`${ANN}/list`, { sortBy: { column: 'name', order: 'desc' } })).data?.slice(0, 1) ??
          null,
      ),
    ).toEqual([['deep', false]])
    expect(names((await from.list(`${ANN}/list`, { search: '1' })).data)).toEqual([['1.txt', true]])
    expect((await bob.storage.from('own').list(ANN)).data).toEqual([])
  })
})

describe('a signed address', () => {
  test('lets anybody read this one object for a while', async () => {
    const path = `${ANN}/signed file.txt`
    await ann.storage.from('own').upload(path, 'secret')
    const { data } = await ann.storage.from('own').createSignedUrl(path, 60)
    expect(await (await fetch(data!.signedUrl)).text()).toBe('secret')
    expect((await fetch(data!.signedUrl.replace(/token=.*/, 'token=abc'))).status).toBe(403)
    const other = data!.signedUrl.replace('signed%20file', 'notes')
    expect((await fetch(other)).ok).toBe(false)
    expect((await bob.storage.from('own').createSignedUrl(path, 60)).error).not.toBeNull()
    const many = await ann.storage.from('own').createSignedUrls([path, 'nope'], 60)
    expect(many.data?.map(({ signedUrl }) => Boolean(signedUrl))).toEqual([true, false])
  })

  test('runs out', async () => {
    const { data } = await ann.storage.from('own').createSignedUrl(`${ANN}/notes.txt`, -1)
    expect((await fetch(data!.signedUrl)).ok).toBe(false)
  })

  test('lets somebody without rights upload this one object', async () => {
    const path = `${ANN}/sent.txt`
    const { data } = await ann.storage.from('own').createSignedUploadUrl(path)
    const { error } = await gateway
      .client()
      .storage.from('own')
      .uploadToSignedUrl(path, data!.token, 'sent', { contentType: 'text/plain' })
    expect(error).toBeNull()
    expect(await textOf(await ann.storage.from('own').download(path))).toBe('sent')
    expect(
      (await gateway.client().storage.from('own').uploadToSignedUrl(`${ANN}/other.txt`, data!.token, 'x'))
        .error,
    ).not.toBeNull()
  })
})

describe('objects of a public bucket', () => {
  test('are read by everybody and run nothing in a browser', async () => {
    await service.storage.from('open').upload('page.html', '<script>1</script>', { contentType: 'text/html' })
    const answer = await fetch(gateway.client().storage.from('open').getPublicUrl('page.html').data.publicUrl)
    expect(await answer.text()).toBe('<script>1</script>')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const etag = answer.headers.get('etag') as string
    expect((await fetch(answer.url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect((await ann.storage.from('open').upload('mine.txt', 'x')).error).not.toBeNull()
  })
})

describe('a bucket', () => {
  test('bounds the size and the type of what it takes', async () => {
    const small = ann.storage.from('small')
    expect((await small.upload(`${ANN}/a.txt`, 'short', { contentType: 'text/plain' })).error).toBeNull()
    expect(
      (await small.upload(`${ANN}/b.txt`, 'much too long', { contentType: 'text/plain' })).error?.message,
    ).toContain('maximum')
    expect(
      (await small.upload(`${ANN}/c.png`, 'short', { contentType: 'image/png' })).error?.message,
    ).toContain('mime type')
  })

  test('is made, changed and deleted by the service alone', async () => {
    expect((await ann.storage.createBucket('mine')).error).not.toBeNull()
    expect((await service.storage.createBucket('made', { public: false })).error).toBeNull()
    await service.storage.from('made').upload('x', 'x')
    expect((await service.storage.deleteBucket('made')).error?.message).toContain('not empty')
    expect((await service.storage.emptyBucket('made')).error).toBeNull()
    expect((await service.storage.deleteBucket('made')).error).toBeNull()
  })
})

describe('a hostile upload', () => {
  test('without end is cut off, and refused as too large', async () => {
    const before = filesOf(gateway).length
    const chunk = Buffer.alloc(1024 * 1024)
    const status = await new Promise((settle, fail) => {
      const url = `${gateway.url}/storage/v1/object/open/endless`
      const upload = request(
        url,
        { method: 'POST', headers: { apikey: gateway.config.keys.secret } },
        (answer) => {
          settle(answer.statusCode)
          upload.destroy()
        },
      )
      upload.on('error', fail)
      const send = () => upload.destroyed || upload.write(chunk, send)
      send()
    })
    expect(status).toBe(413)
    expect(filesOf(gateway)).toHaveLength(before)
  })

  test.each(['../../etc/passwd', '..%2f..%2fetc%2fpasswd', '/etc/passwd', 'a/../../b'])(
    'cannot leave its folder: %s',
    async (path) => {
      await fetch(`${gateway.url}/storage/v1/object/open/${path}`, {
        method: 'POST',
        headers: { apikey: gateway.config.keys.secret },
        body: 'x',
      })
      expect(filesOf(gateway).every((file) => /^[0-9a-f]{64}$/.test(file))).toBe(true)
    },
  )

  test('that breaks off leaves nothing behind', async () => {
    const before = filesOf(gateway).length
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10_000))
        controller.error(new Error('broken'))
      },
    })
    const broken = { method: 'POST', headers: { apikey: gateway.config.keys.secret }, body, duplex: 'half' }
    await expect(
      fetch(`${gateway.url}/storage/v1/object/open/broken`, broken as RequestInit),
    ).rejects.toThrow()
    expect((await service.storage.from('open').download('broken')).error).not.toBeNull()
    expect(filesOf(gateway)).toHaveLength(before)
  })
})

const filesOf = ({ config }: TestGateway): string[] =>
  readdirSync(join(config.dataDir, 'storage'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
