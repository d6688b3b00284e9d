import { defineConfig } from 'vitest/config'

/** What takes longer than usual on a busy machine is waited for: how quick it should be is for the benches to say. */
const patience = { expect: { poll: { timeout: 10_000 } } }

/** `unit` needs nothing; `database` has one Postgres with a migrated template; `stack` starts Baton as people do. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.{ts,tsx}',
            'local/**/*.unit.test.ts',
            'scripts/**/*.test.ts',
            'services/**/*.test.ts',
            'supabase/functions/**/*.test.ts',
          ],
          testTimeout: 15_000,
          ...patience,
        },
      },
      {
        test: {
          name: 'database',
          include: ['supabase/tests/**/*.test.ts', 'local/**/*.test.ts'],
          exclude: ['local/**/*.unit.test.ts', 'local/launcher/**', 'node_modules/**'],
          globalSetup: ['local/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...patience,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['local/launcher/**/*.test.ts'],
          exclude: ['local/**/*.unit.test.ts', 'node_modules/**'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
