import { describe, expect, test } from 'vitest'
import { requestType } from '../../../bench/checks/otlp-messages.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { fromProtobuf } from '../../conformance/protobuf-way.ts'
import { engineFor, openAs, seal, sealRecord } from './fixtures.ts'

/** Ways in which a match in a text could be missed. Each test names the guard that it fails without. */

const MASK: RuleInput[] = [
  { id: 'cards', detect: 'payment_card', mask: {} },
  { id: 'mails', detect: 'email', mask: {} },
]

function attributesToProtobuf(values: readonly string[]): Buffer {
  const attributes = values.map((stringValue) => ({ key: 'k', value: { stringValue } }))
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] }
  return Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
}

function textsOf(bytes: Buffer): string[] {
  return fromProtobuf(bytes).flatMap(({ attributes }) =>
    attributes.map(([, value]) => (value.type === 'text' ? value.text : value.type)),
  )
}

describe('what stands beside a value on the wire', () => {
  // Guard: values are gathered, and never scanned as they lie on the wire (`Chunk.add` copies from FIELD.START on).
  test('is no part of it: a length that is a digit or letter does not hide a card number', () => {
    const card = '4111111111111111'
    for (let length = 16; length < 128; length += 1) {
      const value = `${card}${' '.repeat(length - 16)}`
      const [sealed] = textsOf(seal(MASK, attributesToProtobuf([value]), 'otlp-protobuf'))
      expect(sealed, `with the length byte ${length}`).toBe(`****${' '.repeat(length - 16)}`)
    }
  })

  // Guard: the separator between gathered values (SEPARATOR of a chunk).
  test('is no part of it: neighbours are not joined, and do not make a match together', () => {
    const values = ['x', '4111111111111111', '7', '411111', '1111111111', 'jane@', 'example.com']
    const expected = ['x', '****', '7', '411111', '1111111111', 'jane@', 'example.com']
    expect(textsOf(seal(MASK, attributesToProtobuf(values), 'otlp-protobuf'))).toEqual(expected)
  })
})

describe('patterns that mean the ends of a value', () => {
  // Guard: `isAnchored` and `testAnchored`: these patterns are tried on each value by itself.
  test.each([
    '^secret$',
    '\\Asecret\\z',
    '^secret',
    'secret$',
    '\\Asecret',
    'secret\\z',
    '(?:^|,)secret',
    '\\Qsecret\\E$',
  ])('%s finds them in the first, middle and last value of many', (pattern) => {
    const rules: RuleInput[] = [{ id: 'own', pattern, mask: {} }]
    const values = ['secret', 'open', 'secret', 'open', 'secret']
    const sealed = textsOf(seal(rules, attributesToProtobuf(values), 'otlp-protobuf'))
    expect(sealed).toEqual(values.map((value) => (value === 'open' ? value : '****')))
  })

  test('do not find what only looks like an end in the joined buffer', () => {
    const rules: RuleInput[] = [{ id: 'own', pattern: '^secret$', mask: {} }]
    expect(textsOf(seal(rules, attributesToProtobuf(['a secret', 'secret\nb', 'c']), 'otlp-protobuf'))).toEqual([
      'a secret',
      'secret\nb',
      'c',
    ])
  })

  test('`$` in a class is a letter like any other', () => {
    const rules: RuleInput[] = [{ id: 'own', pattern: '[$^]{2}x', mask: {} }]
    expect(textsOf(seal(rules, attributesToProtobuf(['a', 'b $^x c']), 'otlp-protobuf'))).toEqual(['a', 'b **** c'])
  })
})

describe('a card beside another number', () => {
  // Guard: `confirmShortening` and `nextTokenStart` of the detector set: a rejected match is tried again inside.
  test.each([
    ['123 4111111111111111', '123 ****'],
    ['4111 1111 1111 1111 123', '**** 123'],
    ['12 4111-1111-1111-1111 99', '12 **** 99'],
    ['4111111111111112 4111111111111111', '4111111111111112 ****'],
    ['1 2 3 4 5 6 7 8 9 0 4111111111111111', '1 2 3 4 5 6 7 8 9 0 ****'],
  ])('%s is found', (value, expected) => {
    expect(sealRecord(MASK, { k: value })).toEqual({ k: expected })
  })
})

describe('bytes that are not UTF-8', () => {
  const rules: RuleInput[] = [{ id: 'own', pattern: 'a.secret', seal: { to: 'security' } }]
  const broken = Buffer.from('a\xffsecret', 'latin1')

  function protobufWith(value: Buffer): Buffer {
    const bytes = attributesToProtobuf(['a-secret', 'clean'])
    const at = bytes.indexOf('a-secret')
    return Buffer.concat([bytes.subarray(0, at), value, bytes.subarray(at + 8)])
  }

  // Guard: `isUtf8` of the chunk, and `matchOneByOne`: RE2's `.` does not cross such a byte.
  test('do not hide a match in a protobuf string, which is sealed whole and comes back as it was', () => {
    const bytes = protobufWith(broken)
    const sealed = seal(rules, bytes, 'otlp-protobuf')
    expect(sealed.includes(broken)).toBe(false)
    expect(sealed.includes('secret')).toBe(false)
    expect(openAs(['security'], sealed, 'otlp-protobuf').bytes).toEqual(bytes)
  })

  test('do not hide a match in JSON', () => {
    const bytes = Buffer.concat([Buffer.from('{"k":"'), broken, Buffer.from('","n":1}\n')])
    const sealed = seal(rules, bytes)
    expect(sealed.includes('secret')).toBe(false)
    expect(openAs(['security'], sealed).bytes).toEqual(bytes)
  })

  test('do not hide a match in a plain line', () => {
    const sealed = seal(rules, Buffer.concat([broken, Buffer.from('\n')]), 'text')
    expect(sealed.includes('secret')).toBe(false)
  })

  // Guard: the same; one such value must not keep the others of its chunk from being found.
  test('do not hide a match in the values around them', () => {
    const mails: RuleInput[] = [{ id: 'mails', detect: 'email', mask: {} }]
    const line = Buffer.concat([
      Buffer.from('{"a":"of jane@example.com","b":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('","c":"of joe@example.com"}'),
    ])
    const sealed = seal(mails, line).toString('latin1')
    expect(sealed).toBe('{"a":"of ****","b":"\xff\xc3","c":"of ****"}')
  })

  test('in a key do not hide a match', () => {
    const line = Buffer.concat([Buffer.from('{"'), broken, Buffer.from('":"v"}')])
    expect(seal(rules, line).includes('secret')).toBe(false)
  })
})

describe('bytes', () => {
  test('that are text are scanned, and taken whole', () => {
    const request = {
      resourceLogs: [
        {
          scopeLogs: [
            { logRecords: [{ attributes: [{ key: 'k', value: { bytesValue: Buffer.from('to jane@example.com') } }] }] },
          ],
        },
      ],
    }
    const bytes = Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
    const engine = engineFor([{ id: 'mails', detect: 'email', seal: { to: 'dpo' } }])
    const sealed = engine.seal(bytes, 'otlp-protobuf').bytes
    expect(sealed.includes('jane')).toBe(false)
    expect(openAs(['dpo'], sealed, 'otlp-protobuf').bytes).toEqual(bytes)
  })
})
