import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { openAs, PLACEHOLDER, seal, sealRecord } from './fixtures.ts'

/** Escapes of JSON behind which a match could hide, or at which offsets could slip. */

const MASK: RuleInput[] = [{ id: 'mails', detect: 'email', mask: {} }]
const SEAL: RuleInput[] = [{ id: 'mails', detect: 'email', seal: { to: 'security' } }]

function line(rules: readonly RuleInput[], text: string): string {
  return seal(rules, text).toString()
}

function otlp(value: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":${value}}}]}]}]}`
}

describe('escapes in a value', () => {
  // Guard: `decodeEscapes` of a chunk, for values of KIND.ESCAPED.
  test.each([
    'jane\\u0040example.com',
    '\\u006aane@example.com',
    'jane@example\\u002ecom',
    'jane\\u0040ex\\u0061mple.com',
  ])('%s is found in both formats', (address) => {
    expect(line(MASK, `{"k":"to ${address} now"}`)).toBe('{"k":"to **** now"}')
    expect(seal(MASK, otlp(`"to ${address} now"`), 'otlp-json').toString()).toBe(otlp('"to **** now"'))
  })

  // Guard: `rawOffsets`, by which a place in the text is found in its escaped form.
  test.each([
    ['\\ud83d\\ude00 jane@example.com \\ud83d\\ude00', '\\ud83d\\ude00 **** \\ud83d\\ude00'],
    ['\\u00e9\\u754c jane@example.com', '\\u00e9\\u754c ****'],
    ['\\n\\t\\/ jane@example.com \\"', '\\n\\t\\/ **** \\"'],
    ['😀é\\\\ jane@example.com \\u0000', '😀é\\\\ **** \\u0000'],
    ['jane@example.com \\ud83d\\ude00 joe@example.com', '**** \\ud83d\\ude00 ****'],
  ])('before or behind a match stay as they are, and the match alone goes: %s', (text, expected) => {
    expect(line(MASK, `{"k":"${text}"}`)).toBe(`{"k":"${expected}"}`)
  })

  test('in what is sealed come back as the characters that they stand for', () => {
    const sealed = line(SEAL, '{"k":"\\u00e9 j\\u0061ne@example.com \\u00e9"}')
    expect(JSON.parse(sealed).k).toMatch(new RegExp(`^é ${PLACEHOLDER.source} é$`))
    expect(JSON.parse(openAs(['security'], Buffer.from(sealed)).bytes.toString())).toEqual({
      k: 'é jane@example.com é',
    })
  })
})

describe('half of a surrogate pair', () => {
  const text = '{"k":"\\ud83d jane@example.com \\udc00"}'

  // Guard: `hasLoneSurrogate`, by which the value is taken whole: what is matched is not what is there.
  test('in a value does not hide a match, and the value is sealed whole', () => {
    const sealed = line(SEAL, text)
    expect(sealed).not.toContain('jane')
    expect(JSON.parse(sealed).k).toMatch(/^\{"protected":/)
  })

  // Guard: `sourceWithoutUtf8`: such a text cannot be sealed as UTF-8.
  test('comes back as it was', () => {
    expect(openAs(['security'], seal(SEAL, text)).bytes.toString()).toBe(text)
    const record = SEAL.map((rule): RuleInput => ({ ...rule, seal: { to: 'security', layout: 'record' } }))
    expect(openAs(['security'], seal(record, text)).bytes.toString()).toBe(text)
  })

  test('in a value that no rule touches stays', () => {
    const clean = '{"a":"\\ud83d","b":"jane@example.com"}'
    expect(line(MASK, clean)).toBe('{"a":"\\ud83d","b":"****"}')
  })

  test('in a key does not hide a match', () => {
    expect(line(MASK, '{"\\ud83d jane@example.com":1}')).not.toContain('jane')
  })
})

describe('escapes in a key', () => {
  const rules: RuleInput[] = [{ id: 'named', path: 'attributes.user.email', mask: {} }]

  // Guard: keys are decoded before they are compared (`child` of the walks).
  test('do not hide the key from a path, from a name or from the body', () => {
    expect(line(rules, '{"user":{"em\\u0061il":"x"}}')).toBe('{"user":{"em\\u0061il":"****"}}')
    expect(line(rules, '{"\\u0075ser.email":"x"}')).toBe('{"\\u0075ser.email":"****"}')
    expect(line([{ id: 'named', key: '^email$', mask: {} }], '{"em\\u0061il":"x"}')).toBe('{"em\\u0061il":"****"}')
    expect(line([{ id: 'body', path: 'body', mask: {} }], '{"m\\u0073g":"x"}')).toBe('{"m\\u0073g":"****"}')
  })

  test('do not hide it in OTLP, where the names of fields may have escapes as well', () => {
    const request = (key: string, name: string) =>
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"${key}","value":{"${name}":"x"}}]}]}]}]}`
    for (const [key, name] of [
      ['us\\u0065r.email', 'stringValue'],
      ['user.email', 'string\\u0056alue'],
      ['user.email', 'string_value'],
    ] as const) {
      expect(seal(rules, request(key, name), 'otlp-json').toString()).not.toContain('"x"')
    }
  })

  // Guard: the key is matched in its decoded form (`#findingsIn` gets decoded bytes).
  test('do not hide personal data in it', () => {
    expect(Object.keys(sealRecordText('{"jane\\u0040example.com":1}'))).toEqual(['****'])
  })

  function sealRecordText(text: string): object {
    return JSON.parse(line(MASK, text))
  }
})

describe('a key that occurs twice', () => {
  test('is edited every time', () => {
    const rules: RuleInput[] = [{ id: 'named', path: 'attributes.pin', mask: {} }]
    expect(line(rules, '{"pin":"1","pin":"2","a":{"pin":"3"},"PIN":"4"}')).toBe(
      '{"pin":"****","pin":"****","a":{"pin":"3"},"PIN":"****"}',
    )
    expect(line(MASK, '{"a":"jane@example.com","a":"joe@example.com"}')).toBe('{"a":"****","a":"****"}')
    expect(line(rules, '{"pin":"1","p\\u0069n":"2"}')).toBe('{"pin":"****","p\\u0069n":"****"}')
  })

  test('is edited every time as the body', () => {
    expect(line(MASK, '{"msg":"jane@example.com","msg":"joe@example.com"}')).toBe('{"msg":"****","msg":"****"}')
  })
})

test('text that is JSON itself is text, with its escapes twice over', () => {
  const inner = JSON.stringify({ to: 'jane@example.com', note: 'a\nb' })
  expect(sealRecord(MASK, { k: inner })).toEqual({ k: inner.replace('jane@example.com', '****') })
})

test.each(['4.111111111111111E15', '4111111111111111.0', '41111111111111110e-1', '0.4111111111111111e+0016'])(
  'the number of a card as %s is found in both formats, and comes back as it was',
  (number) => {
    const rules: RuleInput[] = [{ id: 'cards', detect: 'payment_card', seal: { to: 'security' } }]
    const text = `{"n":${number}}`
    const sealed = seal(rules, text)
    expect(JSON.parse(sealed.toString()).n).toMatch(/^\{"protected"/)
    expect(openAs(['security'], sealed).bytes.toString()).toBe(text)
    const request = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"doubleValue":${number}}}]}]}]}`
    expect(seal(rules, request, 'otlp-json').toString()).not.toContain(number)
  },
)

test('a byte order mark may stand before any line', () => {
  const rules: RuleInput[] = [{ id: 'k', key: 'password', mask: {} }]
  const lines = '\ufeff{"password":"a"}\n\ufeff{"password":"b"}\n'
  expect(line(rules, lines)).toBe('\ufeff{"password":"****"}\n\ufeff{"password":"****"}\n')
})
