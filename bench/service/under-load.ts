import { setTimeout as wait } from 'node:timers/promises'
import { isSettled, type Timing } from '../measure.ts'
import type { LoadGenerator } from './load-generator.ts'
import { cpuSeconds } from './process-usage.ts'

/** Seconds, as for the engine but longer: CPU time of another process is counted in hundredths. */
const WARM_UP = { stretch: 0.5, shortest: 2, longest: 6 } as const

/** A stretch of time under load. CPU seconds are those of the service. */
export interface LoadTiming extends Timing {
  /** Of this process: load generator and sink. */
  readonly generatorCpuSeconds: number
}

/** Counts what is accepted for `seconds`, and the CPU time that these processes need for it. */
export async function timeUnderLoad(
  generator: LoadGenerator,
  pids: readonly number[],
  seconds: number,
): Promise<LoadTiming> {
  const start = { wall: performance.now(), own: process.cpuUsage(), cpu: cpuSeconds(pids), done: generator.accepted }
  await wait(seconds * 1000)
  const own = process.cpuUsage(start.own)
  return {
    iterations: generator.accepted - start.done,
    cpuSeconds: cpuSeconds(pids) - start.cpu,
    wallSeconds: (performance.now() - start.wall) / 1000,
    generatorCpuSeconds: (own.user + own.system) / 1e6,
  }
}

/** Lets the load run until a batch costs the service as much as the one before. */
export async function warmUpUnderLoad(generator: LoadGenerator, pids: readonly number[]): Promise<void> {
  const costs: number[] = []
  for (let spent = 0; spent < WARM_UP.longest; spent += WARM_UP.stretch) {
    const timing = await timeUnderLoad(generator, pids, WARM_UP.stretch)
    costs.push(timing.cpuSeconds / timing.iterations)
    if (spent + WARM_UP.stretch >= WARM_UP.shortest && isSettled(costs)) return
  }
}
