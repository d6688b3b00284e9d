/** The builder against the real database and Storage: a change of files becomes a deployment. */
import { expect, test } from 'vitest'
import { startBuilding } from './testing/building.ts'

test('a new project is deployed to its preview without being asked', async () => {
  await using world = await startBuilding()
  const project = await world.project()
  const { manifest, build } = await world.deployed(project)
  expect(build.errors).toEqual([])
  expect(Object.keys(manifest.files)).toContain('/index.html')
  const html = await world.content(manifest, '/index.html')
  expect(html).toContain('<script type="importmap">')
})
