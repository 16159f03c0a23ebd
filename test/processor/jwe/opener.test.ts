import { CompactEncrypt, FlattenedEncrypt, GeneralEncrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { Opener, type Refusal } from '../../../processor/jwe/opener.ts'
import { encodedLimit } from '../../../processor/jwe/parse.ts'
import { generateKeyPair, privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import {
  errorOf,
  KEY_PAIRS,
  type KeyPair,
  KINDS,
  MAX_VALUE_BYTES,
  openerFor,
  PLAINTEXT,
  request,
  sealer,
  setOf,
} from './fixtures.ts'
import { type Loose, withMember } from './mutation.ts'

const ALL = KINDS.map((kind) => KEY_PAIRS[kind])
const BYTES = Buffer.from(PLAINTEXT)

function josePublic({ publicJwk }: KeyPair) {
  return importJWK({ ...publicJwk } as never, publicJwk.alg as string)
}

function header({ publicJwk }: KeyPair, withKid = true) {
  return { alg: publicJwk.alg as string, ...(withKid ? { kid: publicJwk.kid as string } : {}) }
}

describe("jose's JWEs", () => {
  test.each(KINDS)('of the general serialization for several recipients open with the %s key', async (kind) => {
    const encrypt = new GeneralEncrypt(BYTES).setProtectedHeader({ enc: 'A256GCM' })
    for (const pair of ALL) encrypt.addRecipient(await josePublic(pair)).setUnprotectedHeader(header(pair))
    const opened = openerFor(KEY_PAIRS[kind]).open(JSON.stringify(await encrypt.encrypt()))
    expect(opened.plaintext.toString()).toBe(PLAINTEXT)
    expect(opened.header).toEqual({ enc: 'A256GCM' })
  })

  test.each(KINDS)('for one %s key open in every serialization, with and without kid', async (kind) => {
    const pair = KEY_PAIRS[kind]
    const key = await josePublic(pair)
    for (const withKid of [true, false]) {
      const protectedHeader = { enc: 'A256GCM', ...header(pair, withKid) }
      const general = await new GeneralEncrypt(BYTES)
        .setProtectedHeader({ enc: 'A256GCM' })
        .addRecipient(key)
        .setUnprotectedHeader(header(pair, withKid))
        .encrypt()
      const flattened = await new FlattenedEncrypt(BYTES)
        .setProtectedHeader({ enc: 'A256GCM' })
        .setSharedUnprotectedHeader(header(pair, withKid))
        .setAdditionalAuthenticatedData(Buffer.from('context'))
        .encrypt(key)
      const compact = await new CompactEncrypt(BYTES).setProtectedHeader(protectedHeader).encrypt(key)
      for (const jwe of [JSON.stringify(general), JSON.stringify(flattened), compact]) {
        expect(openerFor(pair).open(jwe).plaintext.toString()).toBe(PLAINTEXT)
        expect(openerFor(pair).open(Buffer.from(jwe)).plaintext.toString()).toBe(PLAINTEXT)
      }
    }
  })

  test('with apu and apv open', async () => {
    const pair = KEY_PAIRS['P-256']
    const jwe = await new CompactEncrypt(BYTES)
      .setProtectedHeader({ enc: 'A256GCM', ...header(pair) })
      .setKeyManagementParameters({ apu: Buffer.from('Alice'), apv: Buffer.from('Bob') })
      .encrypt(await josePublic(pair))
    expect(openerFor(pair).open(jwe).plaintext.toString()).toBe(PLAINTEXT)
  })
})

const tested = sealer()
const GENERAL = tested.seal([request(setOf(tested, ALL))])[0]!.jwe
const COMPACT = tested.seal([request(setOf(tested, [ALL[0]!]), { serialization: 'compact' })])[0]!.jwe
const PROTECTED = JSON.parse(GENERAL).protected

/** Opens with the P-256 key and tells the reason of the refusal. The caller must always see the same error. */
function refusal(
  jwe: string | Buffer,
  pairs: readonly KeyPair[] = [ALL[0]!],
  maxValueBytes = MAX_VALUE_BYTES,
): Refusal {
  const reasons: Refusal[] = []
  const keys = pairs.map(({ privateJwk }) => privateKeyFromJwk(privateJwk))
  const opener = new Opener(keys, { maxValueBytes, onRefusal: (reason) => reasons.push(reason) })
  const error = errorOf(() => opener.open(jwe))
  expect([error.code, error.message, error.place]).toEqual(['FIELDSEAL_OPEN_FAILED', 'The value cannot be opened.', {}])
  expect(reasons).toHaveLength(1)
  return reasons[0]!
}

/** The general JWE with one member changed. */
function put(path: string, value: unknown): string {
  return withMember(GENERAL, path, value)
}

/** The general JWE with another protected header. Its tag is wrong then, which must not matter. */
function withProtected(text: string): string {
  return put('protected', Buffer.from(text).toString('base64url'))
}

test('a bit flipped in any authenticated or encrypted part is refused with the one error', () => {
  const { iv, ciphertext, tag, recipients } = JSON.parse(GENERAL)
  const parts = { iv, ciphertext, tag, 'recipients.0.encrypted_key': recipients[0].encrypted_key }
  for (const [path, encoded] of Object.entries(parts)) {
    const bytes = Buffer.from(encoded, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(refusal(put(path, flipped.toString('base64url')))).toBe('authentication')
    }
  }
})

test('a bit flipped in any character of a compact JWE is refused', () => {
  const bytes = Buffer.from(COMPACT)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at]! ^= 1
    refusal(flipped)
  }
})

test('a bit flipped in any character of a general JWE is refused, or changes nothing that was sealed', () => {
  // What is not protected is malleable by design: the names of members that are not read, and other recipients' parts.
  const bytes = Buffer.from(GENERAL)
  const ownFrom = GENERAL.indexOf('"epk"')
  const othersFrom = GENERAL.indexOf('{"header"', ownFrom)
  const othersTo = GENERAL.indexOf('],"iv"')
  const opener = openerFor(ALL[0]!)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at]! ^= 1
    const isMalleable = (at >= othersFrom && at < othersTo) || GENERAL.slice(at - 5, at + 5).includes('"kid"')
    if (!isMalleable) refusal(flipped)
    else {
      try {
        expect(opener.open(flipped).plaintext.toString()).toBe(PLAINTEXT)
      } catch (error) {
        expect(error).toMatchObject({ code: 'FIELDSEAL_OPEN_FAILED' })
      }
    }
  }
})

test('an RSA recipient sees the same error for a wrong padding, a wrong length and a wrong key', () => {
  const pair = KEY_PAIRS.RSA
  const change = (encryptedKey: Buffer) => put('recipients.2.encrypted_key', encryptedKey.toString('base64url'))
  for (const encryptedKey of [Buffer.alloc(256, 1), Buffer.alloc(256, 0xff), Buffer.alloc(0), Buffer.alloc(300)]) {
    expect(refusal(change(encryptedKey), [pair])).toBe('authentication')
  }
})

const MALFORMED: [string, string | Buffer][] = [
  ['nothing', ''],
  ['text', 'hello'],
  ['an array', `[${GENERAL}]`],
  ['null', 'null'],
  ['no JSON', '{'],
  ['white space before it', ` ${GENERAL}`],
  ['a byte order mark', `\ufeff${GENERAL}`],
  ['something after it', `${GENERAL}x`],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(GENERAL.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]),
  ],
  ['four parts', COMPACT.split('.').slice(0, 4).join('.')],
  ['six parts', `${COMPACT}.`],
  ['padding', `${COMPACT}=`],
  ['a character outside the alphabet', COMPACT.replace(/.$/, '*')],
  ['a line break at the end', `${COMPACT}\n`],
  [
    'a compact header over 1 KiB',
    COMPACT.replace(/^[^.]+/, Buffer.from(`{"enc":"A256GCM","x":"${'x'.repeat(1024)}"}`).toString('base64url')),
  ],
  ...(['protected', 'iv', 'ciphertext', 'tag'] as const).flatMap((member): [string, string][] => [
    [`no ${member}`, put(member, undefined)],
    [`${member} as a number`, put(member, 1)],
    [`${member} with padding`, put(member, (jwe: Loose) => `${jwe[member]}=`)],
    [
      `${member} twice`,
      GENERAL.replace(/}$/, `,${JSON.stringify(member)}:${JSON.stringify(JSON.parse(GENERAL)[member])}}`),
    ],
  ]),
  ['an empty iv', put('iv', '')],
  ['an iv of 16 bytes', put('iv', Buffer.alloc(16).toString('base64url'))],
  ['a tag of 12 bytes', put('tag', (jwe: Loose) => jwe.tag.slice(0, 16))],
  [
    'a tag with a bit beyond its last byte',
    put('tag', (jwe: Loose) => `${jwe.tag.slice(0, 21)}${jwe.tag.at(-1) === 'B' ? 'C' : 'B'}`),
  ],
  ['an empty list of recipients', put('recipients', [])],
  ['recipients that are no array', put('recipients', {})],
  ['a recipient that is a string', put('recipients.1', 'x')],
  ['17 recipients', put('recipients', (jwe: Loose) => Array(17).fill(jwe.recipients[0]))],
  ['a header that is an array', put('recipients.1.header', [])],
  ['an encrypted_key that is null', put('recipients.1.encrypted_key', null)],
  ['general and flattened at once', put('header', {})],
  ['an unprotected header that is a string', put('unprotected', 'x')],
  ['an aad that is no string', put('aad', {})],
  ['an aad over 1 KiB', put('aad', 'A'.repeat(1368))],
  ['a parameter in two headers', put('recipients.0.header.enc', 'A256GCM')],
  ['a parameter in two unprotected headers', put('unprotected', { kid: 'p256' })],
  ['a repeated name in a header', GENERAL.replace('"kid":"p256"', '"kid":"p256","kid":"p256"')],
  ['a repeated name in an epk', GENERAL.replace('"crv":"P-256"', '"crv":"P-256","crv":"P-256"')],
  ['a repeated name in escapes', GENERAL.replace('"kid":"p256"', '"kid":"p256","\\u006bid":"x"')],
  ['a repeated name in the protected header', withProtected('{"enc":"A256GCM","enc":"A256GCM"}')],
  ['a protected header over 512 bytes', withProtected(`{"enc":"A256GCM","x":"${'x'.repeat(512)}"}`)],
  ['a protected header that is no object', withProtected('["A256GCM"]')],
  ['a protected header that is empty', withProtected('')],
  [
    'a protected header that is no UTF-8',
    put('protected', Buffer.from('{"enc":"A256GCM","x":"\xff"}', 'latin1').toString('base64url')),
  ],
  ['no enc', withProtected('{"typ":"fieldseal+jwe","v":1}')],
  ['enc that is not protected', withMember(put('protected', 'e30'), 'unprotected', { enc: 'A256GCM' })],
  ['a cty that is no string', withProtected('{"enc":"A256GCM","cty":["text"]}')],
  ['a version that is no number', withProtected('{"enc":"A256GCM","v":"1"}')],
  ['zip, protected', withProtected('{"enc":"A256GCM","zip":"DEF"}')],
  ['zip, not protected', put('recipients.0.header.zip', 'DEF')],
  ['crit, protected', withProtected('{"enc":"A256GCM","crit":["x"],"x":1}')],
  ['crit, not protected', put('recipients.2.header.crit', [])],
  ['deep nesting', `{"a":${'['.repeat(100_000)}`],
  ['very many members', `{${Array.from({ length: 5000 }, (_, at) => `"${at}":0`).join()}}`],
]

describe('the form', () => {
  test.each(MALFORMED)('is refused: %s', (_, jwe) => {
    expect(refusal(jwe)).toBe('malformed')
  })

  test('is refused where the whole is larger than the limit allows', () => {
    expect(refusal(GENERAL.padEnd(encodedLimit(100) + 1), [ALL[0]!], 100)).toBe('malformed')
  })
})

const POLICY: [string, string][] = [
  ['a later version', withProtected('{"enc":"A256GCM","typ":"fieldseal+jwe","v":2}')],
  ['no version', withProtected('{"enc":"A256GCM","typ":"fieldseal+jwe"}')],
  ['another enc', withProtected('{"enc":"A128CBC-HS256"}')],
  ['an enc named like a property of every object', withProtected('{"enc":"constructor"}')],
  ...['ECDH-ES', 'ECDH-ES+A128KW', 'dir', 'none', 'RSA-OAEP-256', 'RSA1_5', '', 7, null].map(
    (alg): [string, string] => [`alg ${alg} for an ECDH-ES+A256KW key`, put('recipients.0.header.alg', alg)],
  ),
  ['no alg', put('recipients.0.header.alg', undefined)],
]

test.each(POLICY)('policy refuses %s', (_, jwe) => {
  expect(refusal(jwe)).toBe('policy')
})

const EPKS: [string, unknown][] = [
  ['none', undefined],
  ['a string', 'x'],
  ['another curve', JSON.parse(GENERAL).recipients[1].header.epk],
  ['no curve', { ...JSON.parse(GENERAL).recipients[0].header.epk, crv: undefined }],
  ['another kty', { ...JSON.parse(GENERAL).recipients[0].header.epk, kty: 'OKP' }],
  ['a point off the curve', { ...JSON.parse(GENERAL).recipients[0].header.epk, y: 'A'.repeat(43) }],
  ['a short coordinate', { ...JSON.parse(GENERAL).recipients[0].header.epk, x: 'AA' }],
  ['another point', generateKeyPair('P-256').publicJwk],
]

test.each(EPKS)('an epk that is %s opens nothing', (_, epk) => {
  expect(refusal(put('recipients.0.header.epk', epk))).toBe('authentication')
})

test('an epk that goes wrong is not taken for one that was agreed before', () => {
  const opener = openerFor(ALL[0]!)
  expect(opener.open(GENERAL).plaintext.toString()).toBe(PLAINTEXT)
  for (const [, epk] of EPKS) {
    errorOf(() => opener.open(put('recipients.0.header.epk', epk)))
  }
  errorOf(() => opener.open(put('recipients.0.header.apu', 'AAAA')))
  expect(opener.open(GENERAL).plaintext.toString()).toBe(PLAINTEXT)
  opener.close()
  expect(opener.open(GENERAL).plaintext.toString()).toBe(PLAINTEXT)
})

test('the key is chosen by kid alone, and jku, jwk, x5u and x5c are not followed', () => {
  expect(refusal(GENERAL, [generateKeyPair('P-256', 'other')])).toBe('no-key')
  expect(refusal(GENERAL, [])).toBe('no-key')
  expect(refusal(GENERAL, [generateKeyPair('P-256', 'p256')])).toBe('authentication')
  const attacker = generateKeyPair('P-256')
  const pointers = { jku: 'https://x.test', jwk: attacker.publicJwk, x5u: 'https://x.test', x5c: ['AA'] }
  const jwe = put('recipients.0.header', { ...JSON.parse(GENERAL).recipients[0].header, ...pointers })
  expect(openerFor(ALL[0]!).open(jwe).plaintext.toString()).toBe(PLAINTEXT)
})

test('without kid nothing is guessed: one key, and one recipient that could be meant', () => {
  const nameless = put('recipients', ({ recipients }: Loose) =>
    recipients.map((entry: Loose) => ({ ...entry, header: { ...entry.header, kid: undefined } })),
  )
  expect(refusal(nameless, [ALL[0]!])).toBe('no-key')
  expect(refusal(nameless, [ALL[0]!, ALL[2]!])).toBe('no-key')
  expect(openerFor(ALL[2]!).open(nameless).plaintext.toString()).toBe(PLAINTEXT)
})

test('of several recipients that we could be, the first is tried and no other', () => {
  const broken = put('recipients.0.encrypted_key', 'A'.repeat(54))
  expect(refusal(broken, ALL)).toBe('authentication')
  expect(openerFor(...ALL.slice(1)).open(broken).kid).toBe('x25519')
})

test('a plaintext over the limit is refused by its length alone', () => {
  expect(refusal(GENERAL, [ALL[0]!], BYTES.length - 1)).toMatch(/policy/)
})

test('two keys of one kid are refused when the opener is made', () => {
  expect(errorOf(() => openerFor(ALL[0]!, ALL[0]!)).code).toBe('FIELDSEAL_KEY_INVALID')
})

test('values of one epoch cost one key agreement, and those of another epoch another', () => {
  // A private key counts how often it is asked for.
  let asked = 0
  const key = privateKeyFromJwk(ALL[0]!.privateJwk)
  const counting = {
    kid: key.kid,
    alg: key.alg,
    crv: 'P-256',
    get privateKey() {
      asked++
      return key.privateKey
    },
  }
  const opener = new Opener([counting], { maxValueBytes: 100 })
  const of = sealer()
  const to = setOf(of, [ALL[0]!])
  for (const { jwe } of of.seal(Array.from({ length: 50 }, () => request(to)))) opener.open(jwe)
  expect(asked).toBe(1)
  of.close()
  opener.open(of.seal([request(to)])[0]!.jwe)
  expect(asked).toBe(2)
})

test('the protected header is what jose reads as well', () => {
  expect(openerFor(ALL[0]!).open(GENERAL).header).toEqual(JSON.parse(Buffer.from(PROTECTED, 'base64url').toString()))
})
