import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { generateKeyPair, privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import { thumbprint } from '../../../processor/jwe/thumbprint.ts'
import { errorOf, KEY_PAIRS, KINDS } from './fixtures.ts'

const EC = KEY_PAIRS['P-256'].privateJwk
const OKP = KEY_PAIRS.X25519.privateJwk
const RSA = KEY_PAIRS.RSA.privateJwk
const OTHER_EC = generateKeyPair('P-256').privateJwk
const OTHER_RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })

test.each(KINDS)('a private %s key is read, and prints as [secret]', (kind) => {
  const { privateJwk, publicJwk } = KEY_PAIRS[kind]
  const key = privateKeyFromJwk(privateJwk)
  expect([key.kid, key.alg, key.thumbprint]).toEqual([publicJwk.kid, publicJwk.alg, thumbprint(publicJwk)])
  expect(key.privateKey.type).toBe('private')
  for (const text of [String(key), JSON.stringify(key), inspect(key), inspect([key], { showHidden: true })]) {
    expect(text).toContain('[secret]')
    expect(text).not.toContain(privateJwk.d)
  }
})

test.each([
  ['no object', 1],
  ['a public key', KEY_PAIRS['P-256'].publicJwk],
  ['a public RSA key', KEY_PAIRS.RSA.publicJwk],
  ['halves of two P-256 keys', { ...EC, d: OTHER_EC.d }],
  ['halves of two X25519 keys', { ...OKP, d: generateKeyPair('X25519').privateJwk.d }],
  ['halves of two RSA keys', { ...OTHER_RSA, n: RSA.n }],
  ['a d of another length', { ...EC, d: 'AQ' }],
  ['a d that is no base64url', { ...EC, d: '*' }],
  ['RSA without its CRT members', { kty: 'RSA', n: RSA.n, e: RSA.e, d: RSA.d }],
  ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ format: 'jwk' })],
  ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })],
  ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
  ['use sig', { ...EC, use: 'sig' }],
  ['another algorithm', { ...RSA, alg: 'RSA1_5' }],
  ['key_ops without opening', { ...RSA, key_ops: ['encrypt'] }],
  ['a kid with control characters', { ...EC, kid: '\u0007' }],
])('%s is refused, without a word of the key', (_, jwk) => {
  const error = errorOf(() => privateKeyFromJwk(jwk))
  expect(error.code).toBe('FIELDSEAL_KEY_INVALID')
  const { d } = Object(jwk) as JsonWebKey
  if (d !== undefined && d.length > 2) expect(inspect(error)).not.toContain(d)
})

test.each(['P-256', 'X25519'] as const)('a generated %s pair is two JWKs of one key', (crv) => {
  const { privateJwk, publicJwk } = generateKeyPair(crv)
  expect(publicJwk).toMatchObject({ crv, use: 'enc', alg: 'ECDH-ES+A256KW', kid: thumbprint(publicJwk) })
  expect(publicJwk).not.toHaveProperty('d')
  expect(privateJwk).toEqual({ ...publicJwk, d: expect.any(String) })
  expect(privateKeyFromJwk(privateJwk).kid).toBe(publicJwk.kid)
  expect(generateKeyPair(crv, 'dpo-2026').publicJwk.kid).toBe('dpo-2026')
  expect(errorOf(() => generateKeyPair(crv, '\n')).code).toBe('FIELDSEAL_KEY_INVALID')
})
