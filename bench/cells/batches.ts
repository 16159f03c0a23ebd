import type { Batch, MatchPercent } from '../workloads/batch.ts'
import { WORKLOADS, type WorkloadName } from '../workloads/index.ts'

/** Several different batches in turn, so that no cache of the last batch helps. */
const DISTINCT_BATCHES = 8

export const batchesOf = (workload: WorkloadName, percent: MatchPercent): Batch[] =>
  Array.from({ length: DISTINCT_BATCHES }, (_, seed) => WORKLOADS[workload].batch(seed + 1, percent))

/** Calls `handle` with one item after the other, round and round. */
export function inTurn<T>(items: readonly T[], handle: (item: T) => unknown): () => unknown {
  let next = 0
  return () => {
    const item = items[next] as T
    next = (next + 1) % items.length
    return handle(item)
  }
}

/** The means that a cell over batches reports per piece of work. */
export const perBatch = (batches: readonly Batch[]) => ({
  records: batches.reduce((sum, { records }) => sum + records, 0) / batches.length,
  bytes: batches.reduce((sum, { bytes }) => sum + bytes.length, 0) / batches.length,
  values: batches.reduce((sum, { planted }) => sum + planted.length, 0) / batches.length,
})
