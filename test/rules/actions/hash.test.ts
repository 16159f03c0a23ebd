import { createHmac, createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashAction } from '../../../rules/actions/hash.ts'

const KEY = Buffer.from('0123456789abcdef0123456789abcdef')
const action = hashAction('pseudonyms', createSecretKey(KEY))
const same = (text: string) => text

/** The pseudonym written out: HMAC-SHA-256 (RFC 2104) over three texts that each end in a zero byte, cut to 16 bytes. */
function pseudonym(kind: string, text: string): string {
  const message = Buffer.concat([
    Buffer.from('fieldseal-hash-v1'),
    Buffer.of(0),
    Buffer.from(kind),
    Buffer.of(0),
    Buffer.from(text),
    Buffer.of(0),
  ])
  const mac = createHmac('sha256', KEY).update(message).digest()
  return `hmac-sha256:pseudonyms:${mac.toString('base64url').slice(0, 22)}`
}

describe('a pseudonym', () => {
  test.each([
    ['email', 'jane@example.org'],
    ['payment_card', '4111111111111111'],
    ['own-rule', 'naïve 日本 😀'],
    ['own-rule', ''],
  ])('of %s %j covers version, kind and text', (kind, text) => {
    // The first 21 characters are whole bits of the 16 bytes; the last one holds two bits.
    expect(action.replace({ kind, text, normalise: same }).slice(0, -1)).toBe(pseudonym(kind, text).slice(0, -1))
    expect(action.replace({ kind, text, normalise: same })).toMatch(/^hmac-sha256:pseudonyms:[\w-]{21}[AQgw]$/)
  })

  test('does not say that two values of different kinds are equal', () => {
    const text = '12345678901'
    const kinds = ['a', 'b', 'ab', '']
    expect(new Set(kinds.map((kind) => action.replace({ kind, text, normalise: same }))).size).toBe(kinds.length)
    expect(action.replace({ kind: 'a', text: 'b', normalise: same })).not.toBe(
      action.replace({ kind: 'ab', text: '', normalise: same }),
    )
  })

  test('is of the normalised text', () => {
    const lower = (text: string) => text.toLowerCase()
    expect(action.replace({ kind: 'email', text: 'Jane@Example.org', normalise: lower })).toBe(
      action.replace({ kind: 'email', text: 'jane@example.org', normalise: same }),
    )
  })

  test('differs by key', () => {
    const other = hashAction('pseudonyms', createSecretKey(Buffer.alloc(32, 1)))
    const matched = { kind: 'email', text: 'jane@example.org', normalise: same }
    expect(other.replace(matched)).not.toBe(action.replace(matched))
  })

  test('is known again, and nothing else is', () => {
    const result = action.replace({ kind: 'email', text: 'x', normalise: same })
    expect(action.isResult(result)).toBe(true)
    for (const text of [
      '',
      result.slice(1),
      `${result}x`,
      result.slice(0, -1),
      `${result.slice(0, -1)}!`,
      'hmac-sha256:pseudonyms:',
    ]) {
      expect(action.isResult(text)).toBe(false)
    }
    expect(action.isResult(result.replace('pseudonyms', 'other'))).toBe(false)
  })
})
