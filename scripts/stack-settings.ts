import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { supabase } from './supabase-cli.ts'

/** What the database must know of its surroundings where pg_net calls the functions. */
export type Surroundings = { appUrl: string; functionsUrl: string; secretKey: string }

export function settingsSql({ appUrl, functionsUrl, secretKey }: Surroundings): string {
  const secrets = { baton_functions_url: functionsUrl, baton_secret_key: secretKey }
  return [
    `select public.set_setting('app_url', ${literal(appUrl)});`,
    ...Object.entries(secrets).map(([name, value]) => keepInVault(name, value)),
  ].join('\n')
}

/** Through a file of its own, so that the key is in no list of processes. */
export function tellDatabase(surroundings: Surroundings, target: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'baton-settings-'))
  const file = join(folder, 'settings.sql')
  try {
    writeFileSync(file, settingsSql(surroundings), { mode: 0o600 })
    supabase(
      ['db', 'query', ...target, '--file', file, '--yes'],
      'The settings were not stored, so functions are not woken and mails have no links: run this again.',
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function keepInVault(name: string, value: string): string {
  return `do $$
declare
  known uuid := (select s.id from vault.secrets s where s.name = ${literal(name)});
begin
  if known is null then perform vault.create_secret(${literal(value)}, ${literal(name)});
  else perform vault.update_secret(known, ${literal(value)});
  end if;
end
$$;`
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
