import { afterAll, describe, expect, test } from 'vitest'
import { type ContentType, headerTemplate } from '../../../processor/jwe/envelope.ts'
import { recipientFromJwk } from '../../../processor/jwe/recipients.ts'
import type { SealedValue } from '../../../processor/jwe/sealer.ts'
import { Sealer } from '../../../processor/jwe/sealer.ts'
import { codeOf, KEY_PAIRS, openAs } from './fixtures.ts'

/** What whoever has a recipient's public key can seal. */

const sealer = new Sealer({ strict: false, maxAgeMs: 60_000, maxWraps: 1000, maxValueBytes: 1 << 20 })
afterAll(() => sealer.close())

function forge(cty: ContentType, plaintext: string): SealedValue {
  const to = sealer.recipientSet([recipientFromJwk(KEY_PAIRS.security.publicJwk)])
  const header = headerTemplate({ cty, path: 'body' })
  return sealer.seal([{ to, header, plaintext: Buffer.from(plaintext), serialization: 'general' }])[0]!
}

describe('a forged value of OTLP', () => {
  test.each(['{"$bytes":5}', '{"$text":7}', '{"$double":1}', '{"$bytes":null}', '{"$text":{"a":[]}}', '{"$map":5}'])(
    '%s is opened, and breaks nothing',
    (plaintext) => {
      const request = {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  { body: { stringValue: forge('otlp+json', plaintext).jwe } },
                  { body: { stringValue: forge('text', 'next').jwe } },
                ],
              },
            ],
          },
        ],
      }
      const opened = openAs(['security'], Buffer.from(JSON.stringify(request)), 'otlp-json')
      expect(opened.opened).toBe(2)
      expect(JSON.parse(opened.bytes.toString()).resourceLogs[0].scopeLogs[0].logRecords[1].body.stringValue).toBe(
        'next',
      )
    },
  )
})

describe('a text that refers to one part again and again', () => {
  const parts = forge('fieldseal-parts+json', JSON.stringify({ 0: { path: 'body', text: 'x'.repeat(1_000_000) } }))
  const line = (times: number) =>
    Buffer.from(
      `${JSON.stringify({ msg: `[sealed:a:${parts.id}/0]`.repeat(times), 'fieldseal.sealed': [parts.jwe] })}\n`,
    )

  test('is opened where that is not much', () => {
    const opened = openAs(['security'], line(3))
    expect(JSON.parse(opened.bytes.toString()).msg).toBe('x'.repeat(3_000_000))
  })

  test('is refused before its length takes all memory', () => {
    expect(codeOf(() => openAs(['security'], line(100_000)))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
  })

  test('is counted record by record', () => {
    const opened = openAs(['security'], Buffer.concat([line(40), line(40)]))
    expect(opened.records).toBe(2)
    expect(opened.bytes.length).toBeGreaterThan(80_000_000)
  })
})
