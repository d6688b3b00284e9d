import { runPart } from '../part.ts'
import { startPreviewPart } from './start.ts'

await runPart('preview', startPreviewPart)
