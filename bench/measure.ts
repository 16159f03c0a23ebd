/** What a cell repeats while the clock runs. */
export interface Subject {
  /** One piece of work; a promise only where the thing measured is asynchronous. */
  work(): unknown
  /** CPU time of what is counted: of the process where nothing is said, or of the thread that does the work. */
  readonly clock?: 'thread'
  /** What one piece of work handles, on average over all of them. */
  readonly perWork: { readonly records: number; readonly bytes: number; readonly values: number }
  /** Looks at the outcome of the work, outside of the clock. @returns the problems, without any value. */
  check(): Promise<readonly string[]> | readonly string[]
}

/** One timed stretch. CPU seconds are user and system, of the whole process with all threads unless a subject has another clock. */
export interface Timing {
  readonly iterations: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
}

/** Seconds. Warm-up ends when stretches are alike, and at the latest after `longest`. */
const WARM_UP = { stretch: 0.1, shortest: 1.2, longest: 3 } as const
/** Stretches are alike where the last three costs differ by less than this part of the largest. */
const ALIKE = 0.05

/** Repeats the work for `seconds` of wall time. */
export async function time(work: () => unknown, seconds: number, clock?: Subject['clock']): Promise<Timing> {
  const usage = clock === 'thread' ? process.threadCpuUsage.bind(process) : process.cpuUsage.bind(process)
  const wallStart = performance.now()
  const wallEnd = wallStart + seconds * 1000
  const cpuStart = usage()
  let iterations = 0
  do {
    const outcome = work()
    if (outcome instanceof Promise) await outcome
    iterations += 1
  } while (performance.now() < wallEnd)
  const cpu = usage(cpuStart)
  const wallSeconds = (performance.now() - wallStart) / 1000
  return { iterations, wallSeconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 }
}

/** Runs the work until its cost per iteration no longer moves, so that compilation is not measured. */
export async function warmUp(work: () => unknown): Promise<void> {
  const costs: number[] = []
  for (let spent = 0; spent < WARM_UP.longest; spent += WARM_UP.stretch) {
    const { iterations, cpuSeconds } = await time(work, WARM_UP.stretch)
    costs.push(cpuSeconds / iterations)
    if (spent >= WARM_UP.shortest && isSettled(costs)) return
  }
}

/** Whether the cost of a piece of work has stopped moving. */
export function isSettled(costs: readonly number[]): boolean {
  const last = costs.slice(-3)
  return (Math.max(...last) - Math.min(...last)) / Math.max(...last) <= ALIKE
}
