/** `npm run demo`: plays the flows of the escalation desk in real windows, slowly enough to follow, and films them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findOrInstallChromium } from './chromium.ts'
import { rootDir } from './root.ts'
import { finish, runStep } from './run.ts'

const folder = join(rootDir, 'demo')
const film = join(folder, 'tour.webm')

mkdirSync(folder, { recursive: true })
process.env.BATON_CHROMIUM = findOrInstallChromium()
process.env.BATON_TOUR = film
const isPlayed = runStep({ name: 'demo', command: 'playwright', args: ['test', 'escalations'] })
console.log(`\nThe film is ${film}: any browser plays it.`)
finish(isPlayed ? [] : ['demo'])
