import { expect, test } from 'vitest'
import { importFaults, versionFaults } from './function-imports.ts'

const pinned = { '@supabase/supabase-js': '2.109.0', nodemailer: '10.6.0' }

test('the versions of package.json pass, with and without a path', () => {
  const imports = {
    '@supabase/supabase-js': 'npm:@supabase/supabase-js@2.109.0',
    'nodemailer/lib': 'npm:nodemailer@10.6.0/lib',
  }
  expect(versionFaults('mail', imports, pinned)).toEqual([])
})

test.for([
  ['npm:nodemailer@10.5.0', 'but package.json pins 10.6.0'],
  ['npm:nodemailer@^10.6.0', 'but package.json pins 10.6.0'],
  ['npm:nodemailer', 'but package.json pins 10.6.0'],
  ['npm:left-pad@1.0.0', 'is not in package.json'],
  ['https://esm.sh/nodemailer@10.6.0', 'is not an npm: package'],
] as const)('%s does not', ([target, complaint]) => {
  const faults = versionFaults('mail', { nodemailer: target }, pinned)
  expect(faults).toEqual([expect.stringContaining(complaint)])
})

test('a package has to be mapped, other files and what Deno has built in have not', () => {
  const imported = ['./a.ts', '../_shared/b.ts', 'node:process', 'nodemailer', 'jose', 'npm:ws@8', 'jose']
  expect(importFaults('mail', { nodemailer: 'npm:nodemailer@10.6.0' }, imported)).toEqual([
    'supabase/functions/mail/deno.json does not map "jose", which the function imports.',
    'supabase/functions/mail/deno.json does not map "npm:ws@8", which the function imports.',
  ])
})
