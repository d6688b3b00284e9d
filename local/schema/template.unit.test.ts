import { expect, test } from 'vitest'
import { readTemplate, templateMigration } from './template.ts'

test('the template has the files that the agent is told of', () => {
  expect(Object.keys(readTemplate())).toEqual(['index.html', 'src/App.tsx', 'src/index.css', 'src/main.tsx'])
})

test('a file is carried as it stands, also one that holds the quotes around it', () => {
  expect(templateMigration({ 'a.ts': "it's\n" })).toContain("($file$a.ts$file$, $file$it's\n$file$)")
  expect(templateMigration({ 'a.ts': '$file$' })).toContain('($file$a.ts$file$, $file2$$file$$file2$)')
})
