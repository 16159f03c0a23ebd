import { encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import type { FormatName } from '../../../../processor/formats/index.ts'
import type { RuleInput } from '../../../../rules/schema/index.ts'
import { EVERYONE, openAs, seal } from '../../engine/fixtures.ts'
import { convert, encoded, type FullRecord, normal, recordsOf } from './fixtures.ts'

const rules: readonly RuleInput[] = [
  { id: 'parts', detect: 'email', seal: { to: 'all' } },
  { id: 'name', path: 'attributes.user.name', seal: { to: 'dpo' } },
  { id: 'number', path: 'attributes.card', seal: { to: 'dpo' } },
  { id: 'map', path: 'attributes.address', seal: { to: 'dpo' } },
]

const text = (stringValue: string) => ({ stringValue })
const REQUEST = encoded({
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: 'owner', value: text('mail ops@shop.example for help') },
          { key: 'host', value: text('h1') },
        ],
      },
      scopeLogs: [
        {
          scope: { name: 'lib', attributes: [{ key: 'by', value: text('by dev@lib.example, MIT') }] },
          logRecords: [
            {
              observedTimeUnixNano: '1700000000000000000',
              body: text('user jane@x.example paid, tell joe@x.example'),
              attributes: [
                { key: 'user.name', value: text('Jane Doe') },
                { key: 'user', value: { kvlistValue: { values: [{ key: 'name', value: text('Jane') }] } } },
                { key: 'card', value: { intValue: '4111111111111111' } },
                { key: 'mail', value: text('jane@x.example') },
              ],
            },
            { observedTimeUnixNano: '1700000000000000000', body: text('joe@y.example left') },
            { observedTimeUnixNano: '1700000000000000000', body: text('nothing') },
          ],
        },
      ],
    },
  ],
})

const LINES = Buffer.from(
  [
    '{"time":1700000000,"observed_time":"2023-11-14T22:13:20Z","level":30,"msg":"user jane@x.example paid"}',
    '{"observed_time":"2023-11-14T22:13:20Z","msg":"m","user":{"name":"Jane"},"card":4111111111111111}',
    '{"observed_time":"2023-11-14T22:13:20Z","msg":"m","address":{"street":"Main","no":[1,2.5,null,true]}}',
    'a line of jane@x.example',
  ].join('\n'),
)

const FORWARD = Buffer.from(
  encode([
    'app',
    [
      [1_700_000_000, { message: 'user jane@x.example paid', user: { name: 'Jane' }, card: 5 }],
      [1_700_000_001, { log: 'joe@y.example', other: 'see joe@y.example now' }],
    ],
  ]),
)

/** Records of a batch, without what differs between the ways. */
function records(format: FormatName, bytes: Buffer): FullRecord[] {
  return normal(recordsOf(convert('otlp-protobuf', format, bytes).bytes) as never) as never
}

/** Every record of a batch in a format, opened in it. */
function opened(format: FormatName, messages: readonly { readonly bytes: Buffer }[]) {
  const all = messages.map(({ bytes }) => openAs(EVERYONE, bytes, format))
  return {
    records: all.flatMap(({ bytes }) => records(format, bytes)),
    count: all.reduce((sum, batch) => sum + batch.opened, 0),
    unopened: all.reduce((sum, batch) => sum + batch.unopened, 0),
  }
}

const SOURCES: readonly (readonly [FormatName, Buffer])[] = [
  ['otlp-protobuf', REQUEST],
  ['otlp-json', convert('otlp-json', 'otlp-protobuf', REQUEST).bytes],
  ['json-lines', LINES],
  ['text', Buffer.from('mail jane@x.example\nno one\n')],
  ['forward', FORWARD],
]
const TARGETS: readonly (readonly [FormatName, boolean])[] = [
  ['otlp-protobuf', false],
  ['otlp-json', false],
  ['json-lines', false],
  ['forward', true],
  ['forward', false],
]
const PAIRS = SOURCES.flatMap(([source, bytes]) =>
  TARGETS.filter(([target]) => target !== source).map(([target, otlpMetadata]) => ({
    source,
    bytes,
    target,
    otlpMetadata,
    as: target === 'forward' && !otlpMetadata ? 'forward, flattened' : target,
  })),
)

describe('sealed values', () => {
  it.each(PAIRS)(
    'that were sealed in $source open in $as, to what they were',
    ({ source, bytes, target, otlpMetadata }) => {
      const sealed = seal(rules, bytes, source)
      expect(sealed.toString('latin1')).not.toContain('@')
      const before = opened(source, [{ bytes: sealed }])
      const converted = convert(target, source, sealed, { otlpMetadata })
      const after = opened(target, converted.messages)
      const plain = convert(target, source, bytes, { otlpMetadata })
      expect(after.records).toEqual(plain.messages.flatMap((message) => records(target, message.bytes)))
      expect(after.unopened).toBe(0)
      // What a resource holds stands in every line.
      expect(after.count).toBeGreaterThanOrEqual(before.count)
      expect(before.count).toBeGreaterThan(0)
    },
  )

  it.each(PAIRS.filter(({ target, otlpMetadata }) => target !== 'forward' || otlpMetadata))(
    'that went from $source to $as and to OTLP open there',
    ({ source, bytes, target, otlpMetadata }) => {
      const there = convert(target, source, seal(rules, bytes, source), { otlpMetadata })
      const back = there.messages.map((message) => convert('otlp-protobuf', target, message.bytes))
      const after = opened('otlp-protobuf', back)
      expect(after.records).toEqual(records(source, bytes))
      expect(after.unopened).toBe(0)
    },
  )

  it.each([false, true])('that are sealed in Forward made from OTLP open once they are OTLP again', (otlpMetadata) => {
    const { messages } = convert('forward', 'otlp-protobuf', REQUEST, { otlpMetadata })
    const back = messages.map(({ bytes }) => convert('otlp-protobuf', 'forward', seal(rules, bytes, 'forward')))
    const after = opened('otlp-protobuf', back)
    expect(after.records).toEqual(messages.flatMap(({ bytes }) => records('forward', bytes)))
    expect(after).toMatchObject({ unopened: 0 })
    expect(after.count).toBeGreaterThan(0)
  })

  it('that are sealed again in lines made from OTLP open there', () => {
    const first: readonly RuleInput[] = [{ ...rules[0]!, path: ['resource.**', 'scope.**'] }]
    const lines = convert('json-lines', 'otlp-protobuf', seal(first, REQUEST, 'otlp-protobuf'))
    const twice = seal([rules[0]!], lines.bytes, 'json-lines')
    const back = convert('otlp-protobuf', 'json-lines', twice)
    const after = opened('otlp-protobuf', [back])
    expect(after.records).toEqual(records('otlp-protobuf', REQUEST))
    expect(after.unopened).toBe(0)
  })

  it('that are sealed in lines with a resource open in OTLP, where each has a list of its own', () => {
    const lines = convert('json-lines', 'otlp-protobuf', REQUEST)
    const back = convert('otlp-protobuf', 'json-lines', seal([rules[0]!], lines.bytes, 'json-lines'))
    const after = opened('otlp-protobuf', [back])
    expect(after.unopened).toBe(0)
    expect(JSON.stringify(after.records)).not.toContain('[sealed:')
    expect(JSON.stringify(after.records)).toContain('mail ops@shop.example for help')
  })
})
