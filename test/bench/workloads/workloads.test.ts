import { describe, expect, test } from 'vitest'
import { ruleExpressions } from '../../../bench/cells/regular-expressions.ts'
import { type AnyValue, type DecodedRecord, decodeRequest, recordsOf } from '../../../bench/checks/otlp-messages.ts'
import { RECORDS_PER_BATCH, type Workload } from '../../../bench/workloads/batch.ts'
import { WORKLOADS } from '../../../bench/workloads/index.ts'

const expressions = ruleExpressions(100)
const workloads: Workload[] = Object.values(WORKLOADS)

const attribute = (record: DecodedRecord | undefined, key: string): AnyValue | undefined =>
  record?.attributes?.find((entry) => entry.key === key)?.value

const strings = (record: DecodedRecord): string[] =>
  [record.body, ...(record.attributes ?? []).map(({ value }) => value)].flatMap((value) => value?.stringValue ?? [])

describe.each(workloads)('workload $name', (workload) => {
  test('gives the same bytes for the same seed, and others for another', () => {
    expect(workload.batch(3, 5).bytes.equals(workload.batch(3, 5).bytes)).toBe(true)
    expect(workload.batch(3, 5).bytes.equals(workload.batch(4, 5).bytes)).toBe(false)
  })

  test('is read by protobufjs as 512 records', () => {
    const batch = workload.batch(1, 20)
    expect(batch.records).toBe(RECORDS_PER_BATCH)
    expect(recordsOf(decodeRequest(batch.bytes))).toHaveLength(RECORDS_PER_BATCH)
  })

  test.each([
    [0, 0],
    [1, 5],
    [5, 26],
    [20, 102],
  ] as const)('plants values in %i %% of the records, half of them in the body', (percent, count) => {
    const { planted } = workload.batch(2, percent)
    expect(planted).toHaveLength(count)
    expect(planted.filter(({ place }) => place === 'body')).toHaveLength(Math.ceil(count / 2))
    expect(new Set(planted.map(({ value }) => value)).size).toBe(count)
  })

  test('has each planted value where it says: in the text of a body, or as a whole attribute', () => {
    const batch = workload.batch(2, 20)
    const records = recordsOf(decodeRequest(batch.bytes))
    for (const { record, place, key, value } of batch.planted) {
      const body = records[record]?.body?.stringValue ?? ''
      if (place === 'body') expect([body.includes(value), body === value]).toEqual([true, false])
      else expect(attribute(records[record], key)?.stringValue).toBe(value)
    }
  })

  test('matches the expressions of the rule sets in the planted values, and nowhere else', () => {
    const batch = workload.batch(5, 20)
    const expected = new Set(batch.planted.map(({ record }) => record))
    for (const [index, record] of recordsOf(decodeRequest(batch.bytes)).entries()) {
      const matching = expressions.filter((rule) => strings(record).some((text) => rule.test.test(text)))
      expect(matching).toHaveLength(expected.has(index) ? 1 : 0)
    }
  })
})

test('W0 has the fields of the testbed and its 159 bytes a record, give or take the counters', () => {
  const { bytes } = WORKLOADS.W0.batch(1, 0)
  const [first] = recordsOf(decodeRequest(bytes))
  expect(first).toMatchObject({ severityNumber: 11, severityText: 'INFO3', flags: 1 })
  expect(first?.body?.stringValue).toBe('Load Generator Counter #512')
  expect(first?.attributes).toEqual([
    { key: 'batch_index', value: { stringValue: 'batch_1' } },
    { key: 'item_index', value: { stringValue: 'item_0' } },
    { key: 'a', value: { stringValue: 'test' } },
    { key: 'b', value: { doubleValue: 5 } },
    { key: 'c', value: { intValue: '3' } },
    { key: 'd', value: { boolValue: true } },
  ])
  expect(Math.abs(bytes.length / RECORDS_PER_BATCH - 162)).toBeLessThan(8)
})

test('W2 has bodies of 300 bytes, six strings of 10 to 40 bytes, three integers and one boolean, about 660 bytes', () => {
  const { bytes } = WORKLOADS.W2.batch(1, 5)
  for (const record of recordsOf(decodeRequest(bytes))) {
    expect(record.body?.stringValue).toHaveLength(300)
    const values = record.attributes?.map(({ value }) => value ?? {}) ?? []
    const texts = values.flatMap((value) => value.stringValue ?? [])
    expect(texts).toHaveLength(6)
    for (const text of texts) expect(text.length >= 10 && text.length <= 45).toBe(true)
    expect(values.filter((value) => value.intValue !== undefined)).toHaveLength(3)
    expect(values.filter((value) => value.boolValue !== undefined)).toHaveLength(1)
    expect(Buffer.from(record.traceId as string, 'base64')).toHaveLength(16)
    expect(Buffer.from(record.spanId as string, 'base64')).toHaveLength(8)
  }
  expect(Math.abs(bytes.length / RECORDS_PER_BATCH - 660)).toBeLessThan(20)
})

test('W2 repeats no body', () => {
  const bodies = recordsOf(decodeRequest(WORKLOADS.W2.batch(1, 0).bytes)).map(({ body }) => body?.stringValue)
  expect(new Set(bodies).size).toBe(RECORDS_PER_BATCH)
})
