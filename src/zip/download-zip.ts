import { strToU8, zipSync } from 'fflate'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { supabase } from '../supabase.ts'
import { exportFiles } from './export-files.ts'

/** Hands the project, as it is now or was at a checkpoint, to the browser as a zip. */
export async function downloadZip(project: ProjectSnapshot, checkpointId: string | null): Promise<void> {
  const { id, name, slug } = project.project
  const [sources, variables] = await Promise.all([
    rpc('read_sources', { project_id: id, checkpoint_id: checkpointId }),
    fetchVariables(id),
  ])
  const files = exportFiles({ name, slug, files: sources.files, variables })
  const zip = zipSync(
    Object.fromEntries(files.map(({ path, content }) => [`${slug}/${path}`, strToU8(content)])),
  )
  const address = URL.createObjectURL(new Blob([zip as BlobPart], { type: 'application/zip' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${slug}-${sources.version}.zip`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

async function fetchVariables(projectId: string) {
  const { data, error, status } = await supabase
    .from('variables')
    .select('name, value')
    .eq('project_id', projectId)
    .order('name')
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return data as { name: string; value: string }[]
}
