import type { Batch, MatchPercent } from '../workloads/batch.ts'
import { WORKLOADS, type WorkloadName } from '../workloads/index.ts'

/** Bytes that a large body has at least. */
const LARGE_BYTES = 4_000_000
const DISTINCT = 2

/**
 * Several requests as one: protobuf joins messages whose bytes stand one after the other (protobuf.dev, "Last One Wins":
 * repeated fields are concatenated).
 */
export function joined(batches: readonly Batch[]): Batch {
  let before = 0
  const planted = batches.flatMap((batch) => {
    const first = before
    before += batch.records
    return batch.planted.map((value) => ({ ...value, record: first + value.record }))
  })
  return { bytes: Buffer.concat(batches.map(({ bytes }) => bytes)), records: before, planted }
}

/** Batches of 4 MB, each of different records. */
export function largeBatches(workload: WorkloadName, percent: MatchPercent): Batch[] {
  let seed = 0
  return Array.from({ length: DISTINCT }, () => {
    const parts: Batch[] = []
    for (let bytes = 0; bytes < LARGE_BYTES; bytes += parts.at(-1)?.bytes.length ?? 0) {
      seed += 1
      parts.push(WORKLOADS[workload].batch(seed, percent))
    }
    return joined(parts)
  })
}
