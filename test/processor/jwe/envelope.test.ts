import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedPath, headerTemplate, protectedText, recipientHeaderText } from '../../../processor/jwe/envelope.ts'
import { errorOf } from './fixtures.ts'

const EPK = { y: 'Y', x: 'X', crv: 'P-256', kty: 'EC' }

test('a protected header has its members in one order, and absent ones are left out', () => {
  const short = headerTemplate({ path: 'body', cty: 'text' })
  expect(Buffer.from(short.encoded, 'base64url').toString()).toBe(
    '{"enc":"A256GCM","typ":"fieldseal+jwe","v":1,"cty":"text","path":"body"}',
  )
  expect(short.aad.toString('latin1')).toBe(short.encoded)
  const full = headerTemplate({ rule: 'cards', iat: 1_790_000_000, path: 'a."ü"', cty: 'json' })
  expect(Buffer.from(full.encoded, 'base64url').toString()).toBe(
    '{"enc":"A256GCM","typ":"fieldseal+jwe","v":1,"cty":"json","path":"a.\\"ü\\"","iat":1790000000,"rule":"cards"}',
  )
})

test('a compact header holds the recipient as well, in the order of its own', () => {
  const { header } = headerTemplate({ cty: 'text', path: 'body', iat: 1, rule: 'r' })
  expect(protectedText(header, { alg: 'ECDH-ES+A256KW', kid: 'k', epk: EPK })).toBe(
    '{"alg":"ECDH-ES+A256KW","enc":"A256GCM","typ":"fieldseal+jwe","v":1,"kid":"k",' +
      '"epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"},"cty":"text","path":"body","iat":1,"rule":"r"}',
  )
  expect(protectedText(header, { alg: 'RSA-OAEP-256', kid: 'k' })).not.toContain('epk')
})

test('the header of a recipient is ASCII JSON, whatever its kid', () => {
  expect(recipientHeaderText({ kid: 'dpo', epk: EPK, alg: 'ECDH-ES+A256KW' })).toBe(
    '{"alg":"ECDH-ES+A256KW","kid":"dpo","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}',
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (kid) => {
      const text = recipientHeaderText({ alg: 'RSA-OAEP-256', kid })
      expect(text).toMatch(/^[\x20-\x7f]*$/)
      expect(JSON.parse(text)).toEqual({ alg: 'RSA-OAEP-256', kid })
    }),
  )
})

test('a path over 128 bytes of UTF-8 is written as its SHA-256', () => {
  const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('base64url')}`
  expect(boundedPath('p'.repeat(128))).toBe('p'.repeat(128))
  expect(boundedPath('p'.repeat(129))).toBe(sha256('p'.repeat(129)))
  expect(boundedPath('ü'.repeat(64))).toBe('ü'.repeat(64))
  expect(boundedPath('ü'.repeat(65))).toBe(sha256('ü'.repeat(65)))
  expect(boundedPath('\u0001'.repeat(100))).toBe(sha256('\u0001'.repeat(100)))
})

test('no path and no rule make a header over the 512 bytes that openers read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 60 }), (path, rule) => {
      const { encoded } = headerTemplate({ cty: 'fieldseal-parts+json', path, rule, iat: Number.MAX_SAFE_INTEGER })
      expect(Buffer.from(encoded, 'base64url').length).toBeLessThanOrEqual(512)
    }),
  )
  expect(errorOf(() => headerTemplate({ cty: 'text', path: '', rule: 'r'.repeat(129) })).code).toBe(
    'FIELDSEAL_CONFIG_INVALID',
  )
})
