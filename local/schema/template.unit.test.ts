import { expect, test } from 'vitest'
import { ALLOWED_DEPENDENCIES } from '../../supabase/functions/_shared/allowed-dependencies.ts'
import { readTemplate, templateMigration } from './template.ts'

test('the template has the files that the agent is told of', () => {
  expect(Object.keys(readTemplate())).toEqual(
    expect.arrayContaining(['index.html', 'package.json', 'src/App.tsx', 'src/index.css', 'src/main.tsx']),
  )
})

test('its packages are those of the list, at the versions of the list', () => {
  const { dependencies } = JSON.parse(readTemplate()['package.json']!) as {
    dependencies: Record<string, string>
  }
  for (const [name, version] of Object.entries(dependencies)) {
    expect(ALLOWED_DEPENDENCIES[name]?.version, name).toBe(version)
  }
})

test('a file is carried as it stands, also one that holds the quotes around it', () => {
  expect(templateMigration({ 'a.ts': "it's\n" })).toContain("($file$a.ts$file$, $file$it's\n$file$)")
  expect(templateMigration({ 'a.ts': '$file$' })).toContain('($file$a.ts$file$, $file2$$file$$file2$)')
})
