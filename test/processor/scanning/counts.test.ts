import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serviceLogLines } from '../../../bench/workloads/service-log-lines.ts'
import { oracle } from './oracle.ts'
import { scanChunks } from './runs.ts'

const values = fc.oneof(
  fc.constantFrom(
    'jane.doe@example.com',
    'paid with 4111 1111 1111 1111, mail bob@example.org',
    'DE89 3704 0044 0532 0130 00',
    'nothing to see',
    'line\nbreak "quoted" \\ ünïcode ann@example.net',
    'AKIAIOSFODNN7EXAMPLF',
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.integer(),
  fc.constantFrom(4111111111111111, true, false, null),
)
const keys = fc.constantFrom(
  'msg',
  'message',
  'user.email',
  'email',
  'password',
  'iban',
  'note',
  'a b',
  'x@example.org',
  'ssn',
)
const records = fc.dictionary(
  keys,
  fc.oneof(values, fc.array(values, { maxLength: 3 }), fc.dictionary(keys, values, { maxKeys: 3 })),
  { maxKeys: 5 },
)

describe('the counts', () => {
  test('are those of one value after the other, whatever the records are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            records.map((record) => JSON.stringify(record)),
            fc.constantFrom('plain ann@example.net', '', '{"broken":"ann@example.net"', '[1]'),
          ),
          { maxLength: 12 },
        ),
        async (lines) => {
          const text = `${lines.join('\n')}\n`
          const { counts } = await scanChunks([text])
          expect(counts).toEqual(oracle(text))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('are those of one value after the other for many records, in chunks of any size', async () => {
    const { bytes, planted } = serviceLogLines(1, 20)
    const chunks = Array.from({ length: Math.ceil(bytes.length / 10_007) }, (_, index) =>
      bytes.subarray(index * 10_007, (index + 1) * 10_007),
    )
    const { tally, counts } = await scanChunks(chunks)
    expect(tally.records).toBe(512)
    expect(tally.bytes).toBe(bytes.length)
    expect(tally.findings).toBe(planted.length)
    expect(counts).toEqual(oracle(bytes.toString()))
  })
})
