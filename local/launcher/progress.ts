/** What `npm start` says while it starts: one line a step, with its time. */
export type Progress = {
  step<T>(name: string, work: () => Promise<T>, summarise?: (result: T) => string): Promise<T>
}

export function createProgress(write: (line: string) => void): Progress {
  return {
    async step(name, work, summarise) {
      const began = performance.now()
      try {
        const result = await work()
        write(`  ✓ ${name.padEnd(12)}${duration(began)}  ${summarise?.(result) ?? ''}`.trimEnd())
        return result
      } catch (error) {
        write(`  ✗ ${name.padEnd(12)}${duration(began)}`)
        throw error
      }
    },
  }
}

function duration(began: number): string {
  const ms = performance.now() - began
  return (ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`).padStart(8)
}
