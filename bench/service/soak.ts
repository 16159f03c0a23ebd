import { setTimeout as wait } from 'node:timers/promises'
import type { MemorySample } from '../report/memory-growth.ts'
import type { LoadGenerator } from './load-generator.ts'
import { memory } from './process-usage.ts'

/** Milliseconds between two readings: a tenth of a short run still has several. */
const INTERVAL_MS = 250

/**
 * Reads what these processes have in memory, together, until the load has ended.
 *
 * @param requests - of the load.
 * @param told - is called with each reading.
 */
export async function sampleMemory(
  generator: LoadGenerator,
  pids: readonly number[],
  requests: number,
  told: (sample: MemorySample, seconds: number) => void,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = []
  const begin = performance.now()
  let ended = false
  const load = generator.finished().then(() => {
    ended = true
  })
  while (!ended) {
    await Promise.race([load, wait(INTERVAL_MS)])
    const bytes = pids.reduce((sum, pid) => sum + memory(pid, 'VmRSS'), 0)
    const sample = { part: generator.accepted / requests, bytes }
    samples.push(sample)
    told(sample, (performance.now() - begin) / 1000)
  }
  return samples
}
