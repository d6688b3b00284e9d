import { runPart } from '../part.ts'
import { startFunctions } from './start.ts'

await runPart('functions', startFunctions)
