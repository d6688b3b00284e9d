/**
 * The process in which projects are compiled. It is given texts and gives texts back: it has an empty environment, may
 * read nothing but our own packages, and is killed when it takes too long or too much memory. It runs no code of a project.
 */

import './nothing-outside.ts'
import { ProjectFault } from './faults.ts'
import { inWords } from './in-words.ts'
import type { Answer, PreviewTask, Request, Response, Task } from './messages.ts'
import type { Project } from './preview/project.ts'

const projects = new Map<string, Project>()

process.on('message', ({ id, task }: Request) => {
  void answerTo(task).then((answer) => process.send?.({ id, answer } satisfies Response))
})
process.on('disconnect', () => process.exit(0))

async function answerTo(task: Task): Promise<Answer> {
  try {
    return await perform(task)
  } catch (error) {
    if (error instanceof ProjectFault) return { kind: 'failed', errors: error.errors, reason: error.reason }
    return { kind: 'broken', message: inWords(error) }
  }
}

async function perform(task: Task): Promise<Answer> {
  switch (task.kind) {
    case 'preview':
      return buildPreview(task)
    case 'production': {
      const { buildProduction } = await import('./production/build.ts')
      return { kind: 'built', output: await buildProduction(task) }
    }
    case 'types': {
      const { checkTypes } = await import('./types/check.ts')
      return { kind: 'types', errors: checkTypes(task.files) }
    }
    case 'vendor': {
      const { bundleVendor } = await import('./vendor/bundle.ts')
      return { kind: 'vendor', ...(await bundleVendor()) }
    }
    case 'forget':
      projects.delete(task.project)
      return { kind: 'done' }
  }
}

/** A project whose build failed has its new texts all the same, and goes on from there. */
async function buildPreview(task: PreviewTask): Promise<Answer> {
  const { createProject } = await import('./preview/project.ts')
  const project = (task.base === null ? undefined : projects.get(task.project)) ?? createProject()
  if (task.base !== null && project.version !== task.base) return { kind: 'unknown' }
  projects.set(task.project, project)
  return { kind: 'built', output: await project.build(task) }
}
