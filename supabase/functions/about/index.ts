import process from 'node:process'
import { answering, json } from '../_shared/respond.ts'
import { about } from './about.ts'

Deno.serve(answering({ GET: () => json(about(process.env)) }))
