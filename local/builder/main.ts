import { runPart } from '../part.ts'
import { startBuilderPart } from './start.ts'

await runPart('builder', startBuilderPart)
