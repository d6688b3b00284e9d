import { runPart } from '../part.ts'
import { startGateway } from './gateway.ts'

await runPart('gateway', startGateway)
