import { CompactEncrypt, GeneralEncrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { CONTENT_TYPES, headerTemplate } from '../../../processor/jwe/envelope.ts'
import { recogniseSealed } from '../../../processor/jwe/sealed-value.ts'
import { KEY_PAIRS, KINDS, request, rsaKeyPair, sealer, setOf } from './fixtures.ts'
import { type Loose, withMember } from './mutation.ts'

const ALL = KINDS.map((kind) => KEY_PAIRS[kind])
const KIDS = new Set(['p256', 'x25519', 'rsa'])
const tested = sealer()
const GENERAL = tested.seal([request(setOf(tested, ALL))])[0]!.jwe
const COMPACT = tested.seal([request(setOf(tested, [ALL[0]!]), { serialization: 'compact' })])[0]!.jwe
const base64url = (text: string) => Buffer.from(text).toString('base64url')

describe('our own values are recognised', () => {
  test.each(CONTENT_TYPES)('of type %s, in both serializations, for each kind of key', (cty) => {
    for (const rest of [{}, { iat: 0 }, { rule: 'cards "ü"' }, { iat: 1_790_000_000, rule: 'r' }]) {
      for (const path of ['body', 'attributes["ö.\\"key"]', 'p'.repeat(200)]) {
        const header = headerTemplate({ cty, path, ...rest })
        for (const kind of KINDS) {
          const to = setOf(tested, [KEY_PAIRS[kind]])
          for (const serialization of ['general', 'compact'] as const) {
            const { jwe, id } = tested.seal([request(to, { header, serialization })])[0]!
            expect(recogniseSealed(jwe, KIDS)).toEqual({ header: header.header, kids: [to.recipients[0]!.kid], id })
          }
        }
      }
    }
  })

  test('for several recipients, whose kids may be any text', () => {
    expect(recogniseSealed(GENERAL, KIDS)?.kids).toEqual(['p256', 'x25519', 'rsa'])
    const kid = 'Schütz "π" 😀'
    const to = setOf(tested, [rsaKeyPair(kid)])
    for (const serialization of ['general', 'compact'] as const) {
      const { jwe } = tested.seal([request(to, { serialization })])[0]!
      expect(recogniseSealed(jwe, new Set([kid]))?.kids).toEqual([kid])
      expect(recogniseSealed(jwe, new Set(['other']))).toBeUndefined()
    }
  })
})

function put(path: string, value: unknown): string {
  return withMember(GENERAL, path, value)
}

function withProtected(text: string): string {
  return put('protected', base64url(text))
}

function withCompactHeader(change: (header: string) => string): string {
  const [header, ...rest] = COMPACT.split('.')
  return [base64url(change(Buffer.from(header!, 'base64url').toString())), ...rest].join('.')
}

const HEADER = '{"enc":"A256GCM","typ":"fieldseal+jwe","v":1,"cty":"text","path":"body"}'
const SPACED = GENERAL.replace('"recipients":', '"recipients": ')

const LOOK_ALIKES: [string, string][] = [
  ['text around it', `${GENERAL} `],
  ['text before it', `x${GENERAL}`],
  ['plain text after it', `${GENERAL}4111 1111 1111 1111`],
  ['white space inside', SPACED],
  ['a member more', put('note', 'jane.doe@example.com')],
  ['an aad', put('aad', 'AAAA')],
  ['an unprotected header', put('unprotected', {})],
  ['a member that occurs twice', GENERAL.replace('"iv":', '"iv":"jane.doe@example.com","iv":')],
  [
    'a member that occurs twice in a header',
    GENERAL.replace('"kid":"p256"', '"kid":"jane.doe@example.com","kid":"p256"'),
  ],
  ['a member more in a recipient', put('recipients.0.note', 'x')],
  ['a member more in a header', put('recipients.0.header.note', 'x')],
  ['a member more in an epk', put('recipients.0.header.epk.note', 'x')],
  ['an epk for RSA', put('recipients.2.header.epk', (jwe: Loose) => jwe.recipients[0].header.epk)],
  ['no epk', put('recipients.0.header.epk', undefined)],
  ['a y on X25519', put('recipients.1.header.epk.y', (jwe: Loose) => jwe.recipients[1].header.epk.x)],
  ['no y on P-256', put('recipients.0.header.epk.y', undefined)],
  ['a curve that is not ours', put('recipients.0.header.epk.crv', 'P-384')],
  ['a curve named like a property of every object', put('recipients.0.header.epk.crv', 'toString')],
  ['a long coordinate', put('recipients.0.header.epk.x', (jwe: Loose) => `${jwe.recipients[0].header.epk.x}AAAA`)],
  ['text for a coordinate', put('recipients.0.header.epk.x', 'jane.doe@example.com')],
  ['an unknown kid', put('recipients.0.header.kid', 'jane.doe@example.com')],
  ['a kid twice', put('recipients.1', (jwe: Loose) => jwe.recipients[0])],
  ['another alg', put('recipients.0.header.alg', 'ECDH-ES')],
  ['an encrypted_key of 32 bytes', put('recipients.0.encrypted_key', 'A'.repeat(43))],
  ['an encrypted_key of 48 bytes', put('recipients.0.encrypted_key', 'A'.repeat(64))],
  ['an encrypted_key that is no base64url', put('recipients.0.encrypted_key', '*'.repeat(54))],
  ['a short encrypted_key for RSA', put('recipients.2.encrypted_key', 'A'.repeat(54))],
  ['no recipients', put('recipients', [])],
  ['a recipient that is null', put('recipients', [null])],
  ['an iv of another length', put('iv', (jwe: Loose) => `${jwe.iv}AAAA`)],
  ['a tag of another length', put('tag', (jwe: Loose) => jwe.tag.slice(0, 20))],
  ['a tag with a bit beyond its last byte', put('tag', (jwe: Loose) => `${jwe.tag.slice(0, 21)}B`)],
  ['a ciphertext that is text', put('ciphertext', 'jane.doe@example.com')],
  ['a ciphertext that is a number', put('ciphertext', 4111111111111111)],
  ['the members in another order', withMember(put('iv', undefined), 'iv', JSON.parse(GENERAL).iv)],
  ['an escape that is not needed', GENERAL.replace('"kid":"p256"', '"kid":"p\\u003256"')],
  ['another typ', withProtected(HEADER.replace('fieldseal+jwe', 'JWE'))],
  ['another version', withProtected(HEADER.replace('"v":1', '"v":2'))],
  ['a version written otherwise', withProtected(HEADER.replace('"v":1', '"v":1.0'))],
  ['another enc', withProtected(HEADER.replace('A256GCM', 'A128GCM'))],
  ['another cty', withProtected(HEADER.replace('"text"', '"jane"'))],
  ['no path', withProtected(HEADER.replace(',"path":"body"', ''))],
  ['a path that is too long', withProtected(HEADER.replace('body', 'b'.repeat(129)))],
  ['a protected member more', withProtected(HEADER.replace('}', ',"note":"x"}'))],
  ['a protected member twice', withProtected(HEADER.replace('}', ',"path":"body"}'))],
  ['white space in the protected header', withProtected(`${HEADER} `)],
  ['an iat that is no time', withProtected(HEADER.replace('}', ',"iat":"x"}'))],
  ['an iat with a fraction', withProtected(HEADER.replace('}', ',"iat":1.5}'))],
  ['a rule that is no text', withProtected(HEADER.replace('}', ',"rule":{"a":1}}'))],
  [
    'a recipient in the protected header',
    withProtected(HEADER.replace('{', '{"alg":"RSA-OAEP-256","kid":"rsa",').replace('"v":1', '"v":1')),
  ],
  ['a protected header that is not JSON', withProtected('hello')],
  ['a protected header that is not UTF-8', put('protected', Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'))],
  ['a compact value with a part more', `${COMPACT}.AAAA`],
  ['a compact value with a part less', COMPACT.slice(0, COMPACT.lastIndexOf('.'))],
  ['a compact value with text after it', `${COMPACT} jane.doe@example.com`],
  ['a compact value with white space in its header', withCompactHeader((header) => header.replace(',', ', '))],
  ['a compact value without a kid', withCompactHeader((header) => header.replace('"kid":"p256",', ''))],
  ['a compact value with an unknown kid', withCompactHeader((header) => header.replace('p256', 'jane'))],
  ['a compact value with a kid that is an object', withCompactHeader((header) => header.replace('"p256"', '{}'))],
  [
    'a compact value with an epk that is text',
    withCompactHeader((header) => header.replace(/"epk":{[^}]*}/, '"epk":"x"')),
  ],
  [
    'a compact value with a member more in its epk',
    withCompactHeader((header) => header.replace('"kty"', '"note":"x","kty"')),
  ],
  [
    'a compact value with another order',
    withCompactHeader((header) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(header)).reverse()))),
  ],
  ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl'],
  ['a general value within a compact one', COMPACT.replace(/[^.]+$/, GENERAL)],
]

test.each(LOOK_ALIKES)('a look-alike is text: %s', (_, text) => {
  expect(text).not.toBe(GENERAL)
  expect(text).not.toBe(COMPACT)
  expect(recogniseSealed(text, KIDS)).toBeUndefined()
  // A second time, from what was remembered of the first.
  expect(recogniseSealed(text, KIDS)).toBeUndefined()
})

test('every kid must be known, also where the header was seen before', () => {
  expect(recogniseSealed(GENERAL, new Set(['p256', 'x25519']))).toBeUndefined()
  expect(recogniseSealed(COMPACT, KIDS)).toBeDefined()
  expect(recogniseSealed(COMPACT, new Set(['x25519']))).toBeUndefined()
})

test("other libraries' JWEs are text", async () => {
  const { publicJwk } = ALL[0]!
  const key = await importJWK({ ...publicJwk } as never)
  const header = { alg: 'ECDH-ES+A256KW', kid: 'p256', enc: 'A256GCM' }
  expect(
    recogniseSealed(await new CompactEncrypt(Buffer.from('x')).setProtectedHeader(header).encrypt(key), KIDS),
  ).toBeUndefined()
  const general = await new GeneralEncrypt(Buffer.from('x')).setProtectedHeader(header).addRecipient(key).encrypt()
  expect(recogniseSealed(JSON.stringify(general), KIDS)).toBeUndefined()
})

test('what is larger than a sealed value can be is not looked at', () => {
  const large = tested.seal([request(setOf(tested, [ALL[0]!]), { plaintext: Buffer.alloc(100_000) })])[0]!.jwe
  expect(recogniseSealed(large, KIDS)).toBeDefined()
  expect(recogniseSealed(large, KIDS, 1000)).toBeUndefined()
})
