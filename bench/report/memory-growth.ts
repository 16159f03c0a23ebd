import { median } from './statistics.ts'

/** What a service had in memory when it had done that part (0 to 1) of its work. */
export interface MemorySample {
  readonly part: number
  readonly bytes: number
}

export interface MemoryGrowth {
  /** Medians, in bytes. The first two tenths are left out: caches and pools fill there. */
  readonly thirdTenth: number
  readonly lastTenth: number
  readonly ratio: number
}

/** @returns undefined where a tenth has no sample: there was too little work. */
export function memoryGrowth(samples: readonly MemorySample[]): MemoryGrowth | undefined {
  const within = (from: number, to: number): number[] =>
    samples.filter(({ part }) => part >= from && part < to).map(({ bytes }) => bytes)
  const [third, last] = [within(0.2, 0.3), within(0.9, Number.POSITIVE_INFINITY)]
  if (third.length === 0 || last.length === 0) return undefined
  const [thirdTenth, lastTenth] = [median(third), median(last)]
  return { thirdTenth, lastTenth, ratio: lastTenth / thirdTenth }
}
