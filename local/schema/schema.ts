/** The present shape of the database, generated: `npm run db:schema`; with `--check` it only compares. */
import { join } from 'node:path'
import postgres from 'postgres'
import { rootDir } from '../../scripts/root.ts'
import { databaseUrl } from '../config.ts'
import { startThrowaway } from '../testing/throwaway.ts'
import { dumpSchema } from './dump.ts'
import { writeOrCheck } from './generated.ts'

await using throwaway = await startThrowaway()
const sql = postgres(databaseUrl(throwaway.config, 'supabase_admin'), { max: 1 })
const dump = await dumpSchema(sql)
await sql.end()
writeOrCheck(join(rootDir, 'supabase/schema.sql'), dump, 'npm run db:schema')
