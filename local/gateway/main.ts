import { runPart } from '../part.ts'
import { giveSocket } from '../sockets.ts'
import { startGateway } from './gateway.ts'

await runPart('gateway', (context) => startGateway({ ...context, giveSocket }))
