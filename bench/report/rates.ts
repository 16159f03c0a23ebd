import type { CellResult } from '../cells/cell.ts'
import type { Rate } from '../plan.ts'

/** What a cell reached in one run. Bytes are those of the batches as they came in, also where fewer are scanned. */
export interface Rates extends Record<Rate, number> {
  readonly valuesPerWallSecond: number
}

export function ratesOf({ iterations, perWork, cpuSeconds, wallSeconds }: CellResult): Rates {
  return {
    recordsPerCpuSecond: (iterations * perWork.records) / cpuSeconds,
    bytesPerCpuSecond: (iterations * perWork.bytes) / cpuSeconds,
    valuesPerCpuSecond: (iterations * perWork.values) / cpuSeconds,
    recordsPerWallSecond: (iterations * perWork.records) / wallSeconds,
    valuesPerWallSecond: (iterations * perWork.values) / wallSeconds,
  }
}
