import { runPart } from '../part.ts'
import { onSocket } from '../sockets.ts'
import { startRealtime } from './server.ts'

await runPart('realtime', (context) => startRealtime({ ...context, onSocket }))
