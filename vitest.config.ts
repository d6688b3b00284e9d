import { defineConfig } from 'vitest/config'

/** `unit` needs nothing; `database` and `stack` share one embedded Postgres with a migrated template database. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'local/**/*.unit.test.ts', 'scripts/**/*.test.ts', 'supabase/functions/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'database',
          include: ['supabase/tests/**/*.test.ts', 'local/**/*.test.ts'],
          exclude: ['local/**/*.unit.test.ts', 'node_modules/**'],
          globalSetup: ['local/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
