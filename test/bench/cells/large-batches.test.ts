import { expect, test } from 'vitest'
import { largeBatches } from '../../../bench/cells/large-batches.ts'
import { decodeRequest, recordsOf } from '../../../bench/checks/otlp-messages.ts'

test('large batches are requests of 4 MB whose planted values are where they are said to be', () => {
  const [first, second] = largeBatches('W2', 1)
  expect(first?.bytes.equals(second?.bytes ?? Buffer.alloc(0))).toBe(false)
  expect(first?.bytes.length).toBeGreaterThan(4_000_000)
  expect(first?.bytes.length).toBeLessThan(4_500_000)
  const records = recordsOf(decodeRequest(first?.bytes ?? Buffer.alloc(0)))
  expect(records).toHaveLength(first?.records ?? 0)
  for (const { record, value } of first?.planted ?? []) expect(JSON.stringify(records[record])).toContain(value)
  expect(first?.planted).toHaveLength((records.length / 512) * 5)
})
