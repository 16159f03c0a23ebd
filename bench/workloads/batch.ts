import type { LogRecord } from './otlp-request.ts'
import type { SeededRandom } from './random.ts'

export const RECORDS_PER_BATCH = 512

/** Percent of the records of a batch that hold one planted value. */
export type MatchPercent = 0 | 1 | 5 | 20

/** One sensitive value that the generator put into a batch, and where. */
export interface Planted {
  /** Index of the record in the order of the batch, from 0. */
  readonly record: number
  /** In the body, as a part of its text; or as a whole attribute. */
  readonly place: 'body' | 'attribute'
  /** Key of the attribute; empty for a body. */
  readonly key: string
  readonly value: string
}

/** One export request as a client would send it, with what is hidden in it. */
export interface Batch {
  /** OTLP protobuf, uncompressed. */
  readonly bytes: Buffer
  readonly records: number
  readonly planted: readonly Planted[]
}

/** What a workload tells of one record: with its planted value, if it has one. */
export interface GeneratedRecord {
  readonly record: LogRecord
  readonly planted?: Omit<Planted, 'record'>
}

export interface Workload {
  readonly name: 'W0' | 'W2'
  readonly title: string
  /** The same seed and percent give the same bytes everywhere. */
  batch(seed: number, percent: MatchPercent): Batch
}

/**
 * Which records of a batch get a value, and where: half of them in the body, half as an attribute, in turn.
 * 1, 5 and 20 percent of 512 are 5, 26 and 102 records.
 */
export function plantingPlan(random: SeededRandom, percent: MatchPercent): Map<number, Planted['place']> {
  const count = Math.round((RECORDS_PER_BATCH * percent) / 100)
  return new Map(
    random
      .sample(count, RECORDS_PER_BATCH)
      .map((record, index) => [record, index % 2 === 0 ? 'body' : 'attribute'] as const),
  )
}
