import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from './attempt.ts'

/** The writer of zips comes when somebody wants one. */
export function exportZip(project: ProjectSnapshot, checkpointId: string | null = null): Promise<boolean> {
  return attempt('Nothing was exported.', async () => {
    const { downloadZip } = await import('../zip/download-zip.ts')
    await downloadZip(project, checkpointId)
  })
}
