import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CREDENTIAL } from '../../../detectors/credential/index.ts'
import { findAll } from '../drive.ts'

/** What stages of Fieldseal write: none of it may look like a secret to the next stage. */
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const bytes = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(base64url)

const header = base64url(Buffer.from('{"alg":"ECDH-ES+A256KW","enc":"A256GCM","typ":"fieldseal+jwe","v":1}'))

const compact = fc
  .tuple(bytes(40), bytes(12), fc.uint8Array({ maxLength: 200 }).map(base64url), bytes(16))
  .map((parts) => [header, ...parts].join('.'))

const general = fc.tuple(bytes(40), bytes(32), bytes(12), bytes(100), bytes(16)).map(([key, x, iv, ciphertext, tag]) =>
  JSON.stringify({
    protected: header,
    recipients: [
      { header: { alg: 'ECDH-ES+A256KW', kid: 'token-1', epk: { kty: 'EC', crv: 'P-256', x } }, encrypted_key: key },
    ],
    iv,
    ciphertext,
    tag,
  }),
)

const name = fc.constantFrom(
  'token',
  'password',
  'api-key',
  'user-password',
  'secret',
  ...CREDENTIAL.map((one) => one.name),
)
const placeholder = fc.tuple(name, bytes(6)).map(([kind, id]) => `[sealed:${kind}:${id}/0]`)
const pseudonym = fc.tuple(name, bytes(16)).map(([key, hash]) => `hmac-sha256:${key}:${hash}`)

/** Where a value stood before it was sealed. */
const place = fc.constantFrom('', 'password=', 'token: ', '"api_key":"', 'Authorization: Bearer ', 'Server=h;Password=')

describe.each(CREDENTIAL.filter(({ activation }) => activation !== 'key'))('$name', (detector) => {
  test.each([
    ['compact values', compact],
    ['values in JSON', general],
    ['placeholders', placeholder],
    ['pseudonyms', pseudonym],
  ])('finds nothing in %s', (_, sealed) => {
    fc.assert(
      fc.property(place, sealed, (before, value) => {
        expect(findAll(detector, before + value)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
