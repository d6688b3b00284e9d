import { runPart } from '../part.ts'
import { startTicker } from './start.ts'

await runPart('ticker', startTicker)
