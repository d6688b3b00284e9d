/**
 * How long the main thread of a page has computed, in ms. Unlike the time on the clock it does not grow when others want
 * the same cores.
 */
import type { Page } from '@playwright/test'

export async function cpuOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
}
