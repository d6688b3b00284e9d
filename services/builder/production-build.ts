import type { ClaimedBuild, ManifestFile } from '../../supabase/functions/_shared/protocol.ts'
import { contentsOf, deploy, describeFile, type Outcome, type Tools } from './preview-build.ts'
import type { OutputFile } from './worker/messages.ts'

export async function buildProduction(
  claimed: ClaimedBuild,
  tools: Tools,
  signal: AbortSignal,
  began: number,
): Promise<Outcome> {
  const { build, token, sources, variables } = claimed
  const files = await contentsOf(build.id, token, sources.files, tools.builds)
  const answer = await tools.runProduction({ kind: 'production', files, variables })
  if (answer.kind === 'failed') return answer
  if (answer.kind !== 'built')
    throw new Error(answer.kind === 'broken' ? answer.message : `Not an answer: ${answer.kind}`)
  const outputs = new Map<string, ManifestFile>()
  const contents = new Map<string, OutputFile>()
  for (const file of answer.output.files) {
    const described = describeFile(file, file.content!)
    outputs.set(file.path, described)
    contents.set(described.hash, file)
  }
  await deploy({ claimed, output: answer.output, outputs, contents, tools, signal, began })
  return { kind: 'finished' }
}
