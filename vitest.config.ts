import { defineConfig } from 'vitest/config'

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
