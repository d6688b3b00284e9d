/** The present shape of the database, generated: `npm run db:schema`; with `--check` it only compares. */
import { join } from 'node:path'
import postgres from 'postgres'
import { databaseUrl } from '../local/config.ts'
import { startThrowaway } from '../local/testing/throwaway.ts'
import { rootDir } from './run.ts'
import { dumpSchema } from './schema/dump.ts'
import { writeOrCheck } from './schema/generated.ts'

await using throwaway = await startThrowaway()
const sql = postgres(databaseUrl(throwaway.config, 'supabase_admin'), { max: 1 })
const dump = await dumpSchema(sql)
await sql.end()
writeOrCheck(join(rootDir, 'supabase/schema.sql'), dump, 'npm run db:schema')
