import { compactDecrypt, generalDecrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { headerTemplate } from '../../../processor/jwe/envelope.ts'
import { NODE_PRIMITIVES } from '../../../processor/jwe/primitives.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { recipientFromJwk } from '../../../processor/jwe/recipients.ts'
import { Sealer } from '../../../processor/jwe/sealer.ts'
import {
  errorOf,
  KEY_PAIRS,
  type KeyPair,
  KINDS,
  OPTIONS,
  openerFor,
  PLAINTEXT,
  request,
  rsaKeyPair,
  sealer,
  setOf,
} from './fixtures.ts'

const ALL = KINDS.map((kind) => KEY_PAIRS[kind])

async function josePrivate({ privateJwk }: KeyPair) {
  return importJWK({ ...privateJwk } as never, privateJwk.alg as string)
}

describe('a value sealed for three kinds of keys', () => {
  const tested = sealer()
  const [sealed] = tested.seal([request(setOf(tested, ALL))])

  test('is one JSON text of exactly the documented form', () => {
    const jwe = JSON.parse(sealed!.jwe)
    expect(JSON.stringify(jwe)).toBe(sealed!.jwe)
    expect(Object.keys(jwe)).toEqual(['protected', 'recipients', 'iv', 'ciphertext', 'tag'])
    for (const recipient of jwe.recipients) expect(Object.keys(recipient)).toEqual(['header', 'encrypted_key'])
    expect(jwe.recipients.map(({ header }: never) => Object.keys(header))).toEqual([
      ['alg', 'kid', 'epk'],
      ['alg', 'kid', 'epk'],
      ['alg', 'kid'],
    ])
    expect(Object.keys(jwe.recipients[0].header.epk)).toEqual(['kty', 'crv', 'x', 'y'])
    expect(Object.keys(jwe.recipients[1].header.epk)).toEqual(['kty', 'crv', 'x'])
    expect(sealed!.id).toBe(jwe.tag.slice(0, 8))
    expect(sealed!.jwe).toMatch(/^[\x20-\x7e]+$/)
    expect(sealed!.jwe).not.toContain(PLAINTEXT)
  })

  test.each(KINDS)('opens with jose and the %s key', async (kind) => {
    const opened = await generalDecrypt(JSON.parse(sealed!.jwe), await josePrivate(KEY_PAIRS[kind]))
    expect(Buffer.from(opened.plaintext).toString()).toBe(PLAINTEXT)
    expect(opened.protectedHeader).toMatchObject({ typ: 'fieldseal+jwe', v: 1, path: 'attributes.user.email' })
  })

  test.each(KINDS)('opens with our opener and the %s key', (kind) => {
    const opened = openerFor(KEY_PAIRS[kind]).open(sealed!.jwe)
    expect(opened.plaintext.toString()).toBe(PLAINTEXT)
    expect(opened.kid).toBe(KEY_PAIRS[kind].publicJwk.kid)
    expect(opened.header).toMatchObject({ cty: 'text', path: 'attributes.user.email' })
  })
})

test.each(KINDS)('a compact value for a %s key opens with jose and with our opener', async (kind) => {
  const tested = sealer()
  const to = setOf(tested, [KEY_PAIRS[kind]])
  for (const { jwe } of tested.seal([
    request(to, { serialization: 'compact' }),
    request(to, { serialization: 'compact' }),
  ])) {
    const opened = await compactDecrypt(jwe, await josePrivate(KEY_PAIRS[kind]))
    expect(Buffer.from(opened.plaintext).toString()).toBe(PLAINTEXT)
    expect(Object.keys(opened.protectedHeader).join()).toBe(
      kind === 'RSA' ? 'alg,enc,typ,v,kid,cty,path' : 'alg,enc,typ,v,kid,epk,cty,path',
    )
    expect(openerFor(KEY_PAIRS[kind]).open(jwe).plaintext.toString()).toBe(PLAINTEXT)
  }
})

test('requests of one call for several sets come back in their order', () => {
  const tested = sealer()
  const sets = [setOf(tested, ALL), setOf(tested, [ALL[0]!]), setOf(tested, [ALL[1]!], true)]
  const requests = Array.from({ length: 700 }, (_, at) =>
    request(sets[at % 3]!, { plaintext: Buffer.from(`value ${at}`) }),
  )
  const opener = openerFor(...ALL)
  const opened = tested.seal(requests).map(({ jwe }) => opener.open(jwe).plaintext.toString())
  expect(opened).toEqual(requests.map((_, at) => `value ${at}`))
})

test('values of every length up to the limit come back', () => {
  const tested = sealer({ maxValueBytes: 300 })
  const to = setOf(tested, [ALL[0]!])
  const values = Array.from({ length: 301 }, (_, length) => Buffer.alloc(length, length))
  const opener = openerFor(ALL[0]!)
  const sealed = tested.seal(values.map((plaintext) => request(to, { plaintext })))
  expect(sealed.map(({ jwe }) => opener.open(jwe).plaintext)).toEqual(values)
})

test('over 10,000 values no IV, no content key and no encrypted key occurs twice', () => {
  const used = { iv: new Set<string>(), key: new Set<string>(), encryptedKey: new Set<string>() }
  const tested = sealer({
    primitives: {
      encrypt(key, iv, aad, plaintext) {
        if (plaintext.toString() === PLAINTEXT) {
          used.iv.add(Buffer.from(iv).toString('hex'))
          used.key.add(Buffer.from(key).toString('hex'))
        }
        return NODE_PRIMITIVES.encrypt(key, iv, aad, plaintext)
      },
    },
  })
  const to = setOf(tested, [ALL[1]!])
  for (const batch of [1, 127, 128, 255, 256, 257, 1000, 3000, 4976]) {
    for (const { jwe } of tested.seal(Array.from({ length: batch }, () => request(to)))) {
      used.encryptedKey.add(JSON.parse(jwe).recipients[0].encrypted_key)
    }
  }
  expect([used.iv.size, used.key.size, used.encryptedKey.size]).toEqual([10_000, 10_000, 10_000])
})

test('equal lists give the same set, and repetitions are removed', () => {
  const tested = sealer()
  const [ec, okp] = ALL.map(({ publicJwk }) => recipientFromJwk(publicJwk)) as [never, never]
  const set = tested.recipientSet([ec, okp, ec])
  expect(set.recipients).toEqual([ec, okp])
  expect(tested.recipientSet([ec, okp])).toBe(set)
  expect(tested.recipientSet([okp, ec])).not.toBe(set)
  expect(tested.recipientSet([ec, okp], { strict: true })).not.toBe(set)
  const renewed = recipientFromJwk({ ...generateKeyPair('P-256').publicJwk, kid: 'p256' })
  expect(tested.recipientSet([renewed, okp])).not.toBe(set)
})

test('a set has one to eight recipients, and compact has exactly one', () => {
  const tested = sealer()
  const nine = Array.from({ length: 9 }, () => recipientFromJwk(generateKeyPair('X25519').publicJwk))
  expect(errorOf(() => tested.recipientSet([])).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
  expect(errorOf(() => tested.recipientSet(nine)).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
  const eight = tested.recipientSet(nine.slice(1))
  expect(JSON.parse(tested.seal([request(eight)])[0]!.jwe).recipients).toHaveLength(8)
  const compact = request(eight, { serialization: 'compact' })
  expect(errorOf(() => tested.seal([compact])).code).toBe('FIELDSEAL_RECIPIENT_INVALID')
})

test('one value over the limit refuses the whole call', () => {
  const tested = sealer({ maxValueBytes: 10 })
  const to = setOf(tested, [ALL[0]!])
  const small = request(to, { plaintext: Buffer.alloc(10) })
  const large = request(to, { plaintext: Buffer.alloc(11, 'secret') })
  const error = errorOf(() => tested.seal([small, large]))
  expect(error.code).toBe('FIELDSEAL_VALUE_TOO_LARGE')
  expect(error.message).not.toContain('secret')
  expect(tested.seal([small])).toHaveLength(1)
  expect(tested.seal([])).toEqual([])
})

test.each([
  { maxWraps: 0 },
  { maxWraps: 1.5 },
  { maxWraps: 2 ** 32 + 1 },
  { maxWraps: Number.NaN },
  { maxAgeMs: 0 },
  { maxAgeMs: Number.NaN },
  { maxAgeMs: 3_600_001 },
])('limits out of range are refused: %j', (change) => {
  expect(errorOf(() => new Sealer({ ...OPTIONS, ...change })).code).toBe('FIELDSEAL_CONFIG_INVALID')
})

test('a kid that is not ASCII is written in ASCII and found again', () => {
  const kid = 'Datenschützer "π" 😀'
  for (const pair of [generateKeyPair('P-256', kid), rsaKeyPair(kid)]) {
    const tested = sealer()
    const to = setOf(tested, [pair])
    for (const serialization of ['general', 'compact'] as const) {
      const header = headerTemplate({ cty: 'text', path: 'body' })
      const { jwe } = tested.seal([request(to, { serialization, header })])[0]!
      expect(jwe).toMatch(/^[\x20-\x7e]+$/)
      expect(openerFor(pair).open(jwe).kid).toBe(kid)
    }
  }
})
