import { runPart } from '../part.ts'
import { startApp } from './server.ts'

await runPart('app', startApp)
