import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.ts'

const executablePath = findChromium()

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.flow.spec.ts',
  outputDir: 'test-results',
  globalSetup: './e2e/fixtures/start-baton.ts',
  // One leaves half of two cores idle, two keep them busy. A film has one story after the other.
  workers: process.env.BATON_TOUR ? 1 : 2,
  timeout: process.env.BATON_TOUR ? 300_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    // Without a film of every page, which costs more than the pages.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      slowMo: process.env.BATON_TOUR ? 250 : 0,
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-gpu',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
