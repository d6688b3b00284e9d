/** What every bench shares: taking samples, and printing one JSON line per figure beside a reference of the same run. */

export type Figure = { name: string; value: number; unit: string; reference: number; ratio: number }

export const isShort = process.argv.includes('--short')

/** How often to repeat: less when someone only wants to see that it works. */
export const times = (full: number, short: number) => (isShort ? short : full)

export function report(name: string, unit: string, value: number, reference: number): void {
  const figure: Figure = {
    name,
    value: rounded(value),
    unit,
    reference: rounded(reference),
    ratio: rounded(value / reference),
  }
  process.stdout.write(`${JSON.stringify(figure)}\n`)
}

export function reportPercentiles(name: string, samples: number[], reference: number[]): void {
  for (const share of [50, 95, 99]) {
    report(`${name} p${share}`, 'ms', percentile(samples, share), percentile(reference, share))
  }
}

export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = Math.ceil((share / 100) * sorted.length) - 1
  return sorted[Math.max(0, at)] ?? Number.NaN
}

export async function millisecondsOf(task: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await task()
  return performance.now() - began
}

/** Keeps `workers` tasks going for a while. The first tenth warms up and is not counted. */
export async function load(workers: number, duration: number, task: () => Promise<unknown>) {
  const samples: number[] = []
  const began = performance.now()
  const countsFrom = began + duration / 10
  const end = began + duration
  const work = async () => {
    while (performance.now() < end) {
      const started = performance.now()
      await task()
      if (started >= countsFrom) samples.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { samples, perSecond: (samples.length / (performance.now() - countsFrom)) * 1000 }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
