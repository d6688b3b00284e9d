/**
 * What `npm run db:schema` generates; with `--check` it only compares. First the migration with the files of the
 * template, then the present shape of the database that all migrations make.
 */
import { join } from 'node:path'
import postgres from 'postgres'
import { rootDir } from '../../scripts/root.ts'
import { databaseUrl } from '../config.ts'
import { startThrowaway } from '../testing/throwaway.ts'
import { dumpSchema } from './dump.ts'
import { writeOrCheck } from './generated.ts'
import { readTemplate, TEMPLATE_MIGRATION, templateMigration } from './template.ts'

writeOrCheck(TEMPLATE_MIGRATION, templateMigration(readTemplate()), 'npm run db:schema')

await using throwaway = await startThrowaway()
const sql = postgres(databaseUrl(throwaway.config, 'supabase_admin'), { max: 1 })
const dump = await dumpSchema(sql)
await sql.end()
writeOrCheck(join(rootDir, 'supabase/schema.sql'), dump, 'npm run db:schema')
