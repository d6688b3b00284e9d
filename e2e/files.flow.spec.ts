import type { Page } from '@playwright/test'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { goToProject, newProject } from './fixtures/projects.ts'

const APP = 'src/App.tsx'

test('a hand edit in one window appears in the other', async ({ owner, senior }) => {
  const project = await newProject('Hand edits')
  await openFile(owner, project.id, APP)
  await openFile(senior, project.id, APP)
  await typeAtStart(owner, APP, '// from the owner\n')
  await expect(owner.getByText('Not saved', { exact: true })).toBeVisible()
  await owner.keyboard.press('ControlOrMeta+s')
  await expect(owner.getByText('Not saved', { exact: true })).toHaveCount(0)
  await expect(editor(senior, APP)).toContainText('// from the owner')

  await senior.getByRole('button', { name: 'History', exact: true }).click()
  await expect(senior.getByRole('region', { name: `History of ${APP}` })).toContainText('Owner wrote it')
})

test('a conflict keeps both texts, also over a reload, and the person chooses', async ({ owner, senior }) => {
  const project = await newProject('Conflicts')
  await openFile(owner, project.id, APP)
  await openFile(senior, project.id, APP)
  await typeAtStart(senior, APP, '// mine\n')
  await typeAtEnd(owner, APP, '// theirs\n')
  await owner.keyboard.press('ControlOrMeta+s')
  await expect(senior.getByText('changed this file while you were editing it')).toBeVisible()

  await senior.reload()
  await expect(editor(senior, APP)).toContainText('// mine')
  await senior.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(senior.getByText('both fit together')).toBeVisible()
  await senior.getByRole('radio', { name: 'Mine' }).click()
  await expect(senior.getByRole('textbox', { name: `${APP}, mine` })).toContainText('// mine')
  await senior.getByRole('radio', { name: 'Theirs' }).click()
  await expect(senior.getByRole('textbox', { name: `${APP}, theirs` })).toContainText('// theirs')
  await expectAccessible(senior, 'a conflict')

  await senior.getByRole('button', { name: 'Save merged' }).click()
  for (const page of [owner, senior]) {
    await expect(editor(page, APP)).toContainText('// mine')
    await expect(editor(page, APP)).toContainText('// theirs')
  }
})

test('who takes the text of the other in a conflict can still have their own back', async ({
  owner,
  senior,
}) => {
  const project = await newProject('Second thoughts')
  await openFile(owner, project.id, APP)
  await openFile(senior, project.id, APP)
  await typeAtStart(senior, APP, '// mine\n')
  await typeAtStart(owner, APP, '// theirs\n')
  await owner.keyboard.press('ControlOrMeta+s')
  await senior.getByRole('button', { name: 'Compare' }).click()
  await expect(senior.getByText('One passage was changed by both')).toBeVisible()
  await senior.getByRole('button', { name: 'Take theirs', exact: true }).first().click()
  await expect(editor(senior, APP)).toContainText('// theirs')
  await senior.getByRole('button', { name: 'Undo' }).click()
  await senior.getByRole('button', { name: 'Compare' }).click()
  await senior.getByRole('button', { name: 'Keep mine', exact: true }).first().click()
  await expect(editor(owner, APP)).toContainText('// mine')
  await expect(editor(owner, APP)).not.toContainText('// theirs')
})

test('restoring a checkpoint brings the files back for everybody, and keeps what was there', async ({
  owner,
  senior,
}) => {
  const project = await newProject('Going back')
  await openFile(owner, project.id, APP)
  await openFile(senior, project.id, APP)
  await typeAtStart(owner, APP, '// a mistake\n')
  await owner.keyboard.press('ControlOrMeta+s')
  await expect(editor(senior, APP)).toContainText('// a mistake')

  await owner.getByRole('tab', { name: 'Changes' }).click()
  await expect(owner.getByRole('region', { name: 'What changed' })).toContainText('1 file')
  await owner.getByRole('button', { name: /^Template/ }).click()
  await owner.getByRole('button', { name: 'Restore', exact: true }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await expect(owner.getByRole('button', { name: /^Restored: Template/ })).toBeVisible()
  await expect(owner.getByRole('button', { name: /^Before restoring/ })).toBeVisible()
  await expect(editor(senior, APP)).not.toContainText('// a mistake')
  await expectAccessible(owner, 'changes')
})

test('files are made, found, renamed, deleted and brought back', async ({ owner, senior }) => {
  const project = await newProject('Files')
  await openFile(owner, project.id, APP)
  await openFile(senior, project.id, APP)
  await owner.getByRole('button', { name: 'New file' }).click()
  await owner.getByLabel('Path', { exact: true }).fill('src/notes/first.md')
  await owner.getByRole('button', { name: 'Create' }).click()
  await expect(senior.getByRole('treeitem', { name: 'first.md' })).toBeVisible()
  await typeAtStart(owner, 'src/notes/first.md', '# A heading to look for')
  await owner.keyboard.press('ControlOrMeta+s')

  await senior.getByRole('button', { name: 'Search in files' }).click()
  await senior.getByRole('searchbox').fill('heading to look')
  await senior.getByRole('button', { name: /A heading to look/ }).click()
  await expect(editor(senior, 'src/notes/first.md')).toBeVisible()

  await owner.getByRole('button', { name: 'More about this file' }).click()
  await owner.getByRole('menuitem', { name: 'Rename or move' }).click()
  await owner.getByLabel('Path', { exact: true }).fill('docs/first.md')
  await owner.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(editor(owner, 'docs/first.md')).toContainText('A heading to look for')
  await expect(senior.getByText('This file is not there any more')).toBeVisible()

  await owner.getByRole('button', { name: 'More about this file' }).click()
  await owner.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(owner.getByRole('treeitem', { name: 'first.md' })).toHaveCount(0)
  await owner.getByRole('button', { name: 'Undo' }).click()
  await expect(owner.getByRole('treeitem', { name: 'first.md' })).toBeVisible()
  await expectAccessible(owner, 'code')
})

test('a file appears and grows while the agent writes it, and its run tells of every call', async ({
  owner,
}) => {
  const { id, chatId, call } = await newProject('Typing')
  await openProject(owner, id)
  await expect(owner.getByRole('treeitem', { name: 'App.tsx' })).toBeVisible()
  // Asked for with every frame: it may be there for a few alone.
  const isTyped = owner.waitForFunction(() => document.body.textContent.includes('Being written'))
  const content = 'Build a todo app'
  await call('send_message', { chat_id: chatId, content, client_id: crypto.randomUUID() })
  await isTyped
  await owner.getByRole('tab', { name: 'Runs' }).click()
  await owner.getByRole('button', { name: /Build a todo app/ }).click()
  await owner.getByRole('group').filter({ hasText: 'Turn 1' }).first().locator('summary').first().click()
  await expect(owner.getByRole('list', { name: 'Tool calls' })).toContainText('write_file', {
    timeout: 30_000,
  })
  await expectAccessible(owner, 'a run')
})

const editor = (page: Page, path: string) => page.getByRole('textbox', { name: path, exact: true })

async function openProject(page: Page, projectId: string): Promise<void> {
  await goToProject(page, projectId)
  await page.getByRole('tab', { name: 'Code' }).click()
}

async function openFile(page: Page, projectId: string, path: string): Promise<void> {
  await openProject(page, projectId)
  await page.getByRole('treeitem', { name: path.slice(path.lastIndexOf('/') + 1) }).click()
  await expect(editor(page, path)).not.toBeEmpty()
}

async function typeAtStart(page: Page, path: string, text: string): Promise<void> {
  await editor(page, path).focus()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.insertText(text)
}

async function typeAtEnd(page: Page, path: string, text: string): Promise<void> {
  await editor(page, path).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.insertText(text)
}
