import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import {
  recipientFromJwk,
  recipientFromJwks,
  recipientFromPem,
  uniqueRecipients,
} from '../../../processor/jwe/recipients.ts'
import { thumbprint } from '../../../processor/jwe/thumbprint.ts'
import { errorOf, KEY_PAIRS, KINDS } from './fixtures.ts'

const EC = KEY_PAIRS['P-256'].publicJwk
const OKP = KEY_PAIRS.X25519.publicJwk
const RSA = KEY_PAIRS.RSA.publicJwk

function without(jwk: JsonWebKey, ...names: string[]): JsonWebKey {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))
}

function rsa(bits: number, publicExponent = 65537): JsonWebKey {
  return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).publicKey.export({ format: 'jwk' })
}

const REFUSED_JWKS: [string, unknown][] = [
  ['no object', 'text'],
  ['null', null],
  ['an array', [EC]],
  ['no kty', without(EC, 'kty')],
  ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0c2VjcmV0' }],
  ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })],
  ['Ed25519', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
  ['X25519 as EC', { ...OKP, kty: 'EC' }],
  ['a curve named like a property of every object', { ...EC, crv: 'constructor' }],
  ['a point that is not on the curve', { ...EC, y: EC.x }],
  ['the point zero', { ...EC, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
  ['a coordinate that is too short', { ...EC, x: 'AAAA' }],
  ['a coordinate with padding', { ...EC, x: `${EC.x}=` }],
  ['no y', without(EC, 'y')],
  ['an X25519 point of small order (0)', { ...OKP, x: 'A'.repeat(43) }],
  ['an X25519 point of small order (1)', { ...OKP, x: `AQ${'A'.repeat(41)}` }],
  ['RSA of 1024 bits', rsa(1024)],
  ['RSA of 2040 bits', rsa(2040)],
  ['RSA with the exponent 3', rsa(2048, 3)],
  ['RSA with an even exponent', { ...RSA, e: 'AQAA' }],
  ['RSA with the exponent 1', { ...RSA, e: 'AQ' }],
  ['RSA with a huge exponent', { ...RSA, e: RSA.n }],
  ['RSA without an exponent', without(RSA, 'e')],
  ['use sig', { ...EC, use: 'sig' }],
  ['key_ops that only verify', { ...EC, key_ops: ['verify'] }],
  ['key_ops of the other kind', { ...RSA, key_ops: ['deriveBits'] }],
  ['key_ops that is no array', { ...EC, key_ops: 'deriveBits' }],
  ['another algorithm', { ...EC, alg: 'ECDH-ES' }],
  ['RSA-OAEP with SHA-1', { ...RSA, alg: 'RSA-OAEP' }],
  ['the algorithm of another kind', { ...EC, alg: 'RSA-OAEP-256' }],
  ['an empty kid', { ...EC, kid: '' }],
  ['a kid that is no string', { ...EC, kid: 7 }],
  ['a kid of 129 bytes', { ...EC, kid: 'k'.repeat(129) }],
  ['a kid of 130 bytes in 65 characters', { ...EC, kid: 'é'.repeat(65) }],
  ['a kid with a line break', { ...EC, kid: 'a\nb' }],
  ['a kid with half a surrogate pair', { ...EC, kid: 'a\ud800' }],
  ...KINDS.map((kind): [string, unknown] => [`a private key (${kind})`, KEY_PAIRS[kind].privateJwk]),
  ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((member): [string, unknown] => [
    `the member ${member}`,
    { ...RSA, [member]: 'AQAB' },
  ]),
]

describe('a recipient from a JWK', () => {
  test.each([
    ['P-256', 'ECDH-ES+A256KW', 'P-256'],
    ['X25519', 'ECDH-ES+A256KW', 'X25519'],
    ['RSA', 'RSA-OAEP-256', undefined],
  ] as const)('of kind %s has the algorithm %s', (kind, alg, crv) => {
    const recipient = recipientFromJwk(KEY_PAIRS[kind].publicJwk)
    expect(recipient).toMatchObject({ alg, kid: KEY_PAIRS[kind].publicJwk.kid })
    expect(recipient.crv).toBe(crv)
    expect(recipient.publicKey.type).toBe('public')
  })

  test('is named by its own kid, else the one given, else the thumbprint', () => {
    expect(recipientFromJwk(without(EC, 'kid')).kid).toBe(thumbprint(EC))
    expect(recipientFromJwk(without(EC, 'kid'), 'given').kid).toBe('given')
    expect(recipientFromJwk(EC, 'p256').kid).toBe('p256')
    expect(errorOf(() => recipientFromJwk(EC, 'other')).message).toContain('another kid')
  })

  test.each(REFUSED_JWKS)('is refused for %s, without a word of the key', (_, jwk) => {
    const error = errorOf(() => recipientFromJwk(jwk))
    expect(error.code).toBe('FIELDSEAL_RECIPIENT_INVALID')
    const values = Object.entries(Object(jwk)).filter(([name]) => ['x', 'y', 'n', 'd', 'p', 'q', 'k'].includes(name))
    for (const [, value] of values) expect(inspect(error)).not.toContain(String(value))
  })

  test.each([
    [{ ...EC, key_ops: [] }],
    [{ ...EC, key_ops: ['deriveBits'] }],
    [{ ...RSA, key_ops: ['encrypt', 'wrapKey'] }],
    [without(EC, 'use', 'alg')],
    [{ ...EC, kid: 'k'.repeat(128) }],
    [{ ...EC, x5u: 'https://example.org', unknown: [] }],
  ])('is taken where its members say no more than they must', (jwk) => {
    expect(recipientFromJwk(jwk).publicKey).toBeDefined()
  })
})

describe('a recipient from a JWK Set', () => {
  const unusable = { ...EC, kid: 'sig', use: 'sig' }

  test('is chosen by kid or thumbprint', () => {
    expect(recipientFromJwks({ keys: [EC, OKP, RSA] }, 'x25519').crv).toBe('X25519')
    const nameless = without(EC, 'kid')
    expect(recipientFromJwks({ keys: [OKP, nameless] }, thumbprint(EC)).crv).toBe('P-256')
  })

  test('needs no kid where exactly one key is usable', () => {
    expect(recipientFromJwks({ keys: [unusable, EC, { kty: 'oct' }] }).kid).toBe('p256')
  })

  test.each([
    ['no keys', {}, undefined],
    ['an empty set', { keys: [] }, undefined],
    ['two usable keys', { keys: [EC, OKP] }, undefined],
    ['an unknown kid', { keys: [EC] }, 'nobody'],
    ['the same kid twice', { keys: [EC, { ...OKP, kid: 'p256' }] }, 'p256'],
    ['a chosen key that is not usable', { keys: [unusable, EC] }, 'sig'],
    ['a private key beside the chosen one', { keys: [EC, KEY_PAIRS.RSA.privateJwk] }, 'p256'],
  ] as const)('is refused for %s', (_, jwks, kid) => {
    expect(errorOf(() => recipientFromJwks(jwks, kid)).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
  })
})

describe('a recipient from PEM', () => {
  function pem(jwk: JsonWebKey, type: 'spki' | 'pkcs1' = 'spki'): string {
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type } as never) as string
  }

  test.each(KINDS)('of kind %s equals the one from its JWK', (kind) => {
    const jwk = KEY_PAIRS[kind].publicJwk
    const recipient = recipientFromPem(pem(jwk), 'name')
    expect(recipient).toMatchObject({ kid: 'name', alg: jwk.alg, thumbprint: thumbprint(jwk) })
    expect(recipientFromPem(`\n${pem(jwk)}\n`).kid).toBe(thumbprint(jwk))
  })

  test('may be PKCS #1', () => {
    expect(recipientFromPem(pem(RSA, 'pkcs1')).alg).toBe('RSA-OAEP-256')
  })

  const privatePem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  test.each([
    ['a private key', privatePem.export({ format: 'pem', type: 'pkcs8' }) as string],
    ['a private key in SEC 1', privatePem.export({ format: 'pem', type: 'sec1' }) as string],
    ['a public and a private key', pem(EC) + privatePem.export({ format: 'pem', type: 'pkcs8' })],
    ['two keys', pem(EC) + pem(RSA)],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['text', 'hello'],
    ['an empty block', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n'],
    [
      'P-384',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'pem', type: 'spki' }) as string,
    ],
    [
      'RSA-PSS',
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export({
        format: 'pem',
        type: 'spki',
      }) as string,
    ],
    ['RSA of 1024 bits', pem(rsa(1024))],
  ])('is refused for %s', (_, text) => {
    expect(errorOf(() => recipientFromPem(text)).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
  })
})

test('a list keeps its order and loses its repetitions; one kid for two keys is an error', () => {
  const [ec, okp] = [recipientFromJwk(EC), recipientFromJwk(OKP)]
  expect(uniqueRecipients([okp, ec, recipientFromJwk(OKP), ec])).toEqual([okp, ec])
  const impostor = recipientFromJwk({ ...generateKeyPair('P-256').publicJwk, kid: 'p256' })
  expect(errorOf(() => uniqueRecipients([ec, impostor])).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
})
