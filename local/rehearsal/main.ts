import { runPart } from '../part.ts'
import { startModel } from './start.ts'

await runPart('model', startModel)
