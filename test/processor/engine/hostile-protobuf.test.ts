import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestType } from '../../../bench/checks/otlp-messages.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { phrase, planted } from '../../arbitraries/records.ts'
import { EVERYONE, engineFor, openAs } from './fixtures.ts'

/** What proto3 allows and no encoder writes: fields more than once, several types in one value, values before keys. */

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...varint(Math.floor(value / 128))]
}

function field(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint(tag), ...varint(content.length)]), content])
}

function shuffled(...fields: readonly fc.Arbitrary<readonly Buffer[]>[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(...fields)
    .map((all) => all.flat())
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
    .map((all) => Buffer.concat(all))
}

function some(tag: number, content: fc.Arbitrary<Buffer>, maxLength = 2, minLength = 0): fc.Arbitrary<Buffer[]> {
  return fc.array(
    content.map((inside) => field(tag, inside)),
    { minLength, maxLength },
  )
}

const text = phrase.map((value) => Buffer.from(value))
const key = fc
  .oneof(fc.constantFrom('user', 'note', 'pin', 'Items', 'fieldseal.sealed'), planted)
  .map((name) => Buffer.from(name))
const number = fc.constantFrom(
  Buffer.from([0x18, 7]),
  Buffer.from([0x10, 1]),
  Buffer.from([0x18, ...varint(4111111111111111)]),
)

type Recursive = { anyValue: Buffer; keyValue: Buffer }

const { anyValue, keyValue } = fc.letrec<Recursive>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: shuffled(some(0x0a, text)) },
    shuffled(some(0x0a, text), some(0x3a, text, 1), fc.array(number, { maxLength: 1 })),
    shuffled(some(0x2a, shuffled(some(0x0a, tie('anyValue'))))),
    shuffled(some(0x32, shuffled(some(0x0a, tie('keyValue')))), some(0x0a, text, 1)),
  ),
  keyValue: shuffled(fc.oneof(some(0x0a, key, 1), some(0x0a, key)), some(0x12, tie('anyValue'))),
}))

const record = shuffled(some(0x32, keyValue, 3), some(0x2a, anyValue))
const scopeLogs = shuffled(some(0x0a, shuffled(some(0x1a, keyValue))), some(0x12, record, 2, 1))
const resourceLogs = shuffled(some(0x0a, shuffled(some(0x0a, keyValue))), some(0x12, scopeLogs, 2, 1))
const request = shuffled(some(0x0a, resourceLogs, 2, 1))

const action = fc.constantFrom<Omit<RuleInput, 'id'>>(
  { seal: { to: 'all' } },
  { seal: { to: 'dpo', text: 'whole', layout: 'record' } },
  { seal: { to: 'dpo', as: 'sibling' } },
  { hash: { key: 'k' } },
  { mask: {} },
  { drop: {} },
)

const rules = fc
  .tuple(action, action, fc.subarray(['note', 'Items', 'user', 'fieldseal.sealed']))
  .map(([found, whole, names]): RuleInput[] => [
    ...names.map((name): RuleInput => ({ id: name.toLowerCase(), key: `^${name}$`, ...whole })),
    { id: 'own', pattern: 'zq-[0-9]{6}', ...found },
    { id: 'found', detect: ['email', 'payment_card'], ...found },
  ])

const PLANTED =
  /jane\d{6}@plant\.example|zq-\d{6}|4111111111111111|5555555555554444|378282246310005|6011 1111 1111 1117/

test('nothing leaves in the clear, and what leaves can be read; or the request is refused as malformed', () => {
  let edited = 0
  fc.assert(
    fc.property(rules, request, (all, bytes) => {
      const engine = engineFor(all)
      try {
        const sealed = engine.seal(bytes, 'otlp-protobuf').bytes
        const decoded = requestType.toObject(requestType.decode(sealed), { longs: String })
        expect(JSON.stringify(decoded)).not.toMatch(PLANTED)
        const raw = sealed.toString('latin1')
        expect(raw).not.toMatch(PLANTED)
        // What a text refers to is there.
        for (const [, id] of raw.matchAll(/\[sealed:[a-z0-9_.-]+:([\w-]{8})\/\d+\]/g)) {
          if (id !== 'AAAAAAAA') expect(raw).toContain(`"tag":"${id}`)
        }
        if (sealed !== bytes) edited += 1
      } catch (error) {
        if (!(error instanceof FieldsealError) || error.code !== 'FIELDSEAL_INPUT_MALFORMED') throw error
      } finally {
        engine.close()
      }
    }),
    { numRuns: 500 },
  )
  expect(edited).toBeGreaterThan(40)
})

test('records in the field that older senders used, and the Collector still reads, are sealed', () => {
  const mail = field(0x12, field(0x2a, field(0x0a, Buffer.from('jane@example.com'))))
  const engine = engineFor([{ id: 'mails', detect: 'email', seal: { to: 'all' } }])
  const sealed = engine.seal(field(0x0a, field(0x1f42, mail)), 'otlp-protobuf').bytes
  expect(sealed.includes('jane@')).toBe(false)
  expect(openAs(EVERYONE, sealed, 'otlp-protobuf').bytes.equals(field(0x0a, field(0x1f42, mail)))).toBe(true)
  const records = [{ logRecords: [{ body: { stringValue: 'jane@example.com' } }] }]
  for (const name of ['deprecatedScopeLogs', 'deprecated_scope_logs']) {
    const json = Buffer.from(JSON.stringify({ resourceLogs: [{ [name]: records }] }))
    expect(engine.seal(json, 'otlp-json').bytes.includes('jane@')).toBe(false)
  }
  engine.close()
})
