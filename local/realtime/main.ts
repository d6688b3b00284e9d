import { runPart } from '../part.ts'
import { startRealtime } from './server.ts'

await runPart('realtime', startRealtime)
