import type { Batch } from '../workloads/batch.ts'
import { decodeRequest, recordsOf } from './otlp-messages.ts'

/** Checks the masking baseline's output: nothing planted in the clear, something masked for each, no record lost. */
export function checkMaskedBatch(batch: Batch, output: Uint8Array): string[] {
  const problems: string[] = []
  const bytes = Buffer.from(output)
  const after = recordsOf(decodeRequest(bytes))
  if (after.length !== batch.records) problems.push(`${after.length} records came out of ${batch.records}`)
  for (const planted of batch.planted)
    if (bytes.includes(planted.value)) problems.push(`record ${planted.record}: the planted value is in the clear`)
  const masked = after.filter((record) => JSON.stringify(record).includes('****')).length
  if (masked !== batch.planted.length) problems.push(`${masked} records are masked instead of ${batch.planted.length}`)
  return problems
}
