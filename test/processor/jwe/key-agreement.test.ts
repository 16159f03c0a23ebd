import { expect, test } from 'vitest'
import { concatKdf } from '../../../processor/jwe/concat-kdf.ts'
import { agreeAsReceiver, agreeAsSender, ephemeralMembers } from '../../../processor/jwe/key-agreement.ts'
import { NODE_PRIMITIVES } from '../../../processor/jwe/primitives.ts'
import { generateKeyPair, privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import { isProblem, publicKeyFromMembers } from '../../../processor/jwe/public-key.ts'
import { describeVectors, readVectors } from './vectors.ts'

test.each(['P-256', 'X25519'] as const)(
  'sender and receiver come to the same %s key, with a fresh epk each time',
  (crv) => {
    const { privateJwk, publicJwk } = generateKeyPair(crv)
    const key = publicKeyFromMembers({ ...publicJwk })
    if (isProblem(key)) throw new Error(key.problem)
    const agreements = [1, 2, 3].map(() => agreeAsSender({ crv, publicKey: key.publicKey }, NODE_PRIMITIVES))
    expect(new Set(agreements.map(({ epk }) => epk.x)).size).toBe(3)
    for (const { epk, kek } of agreements) {
      const secret = agreeAsReceiver(privateKeyFromJwk(privateJwk).privateKey, ephemeralMembers(epk, crv)!)!
      expect(concatKdf(secret, { algorithm: 'ECDH-ES+A256KW', keyBytes: 32 })).toEqual(kek)
    }
  },
)

const FILES = [
  ['Wycheproof ecdh_secp256r1_webcrypto', 'wycheproof/ecdh_secp256r1_webcrypto_test.json', 'P-256'],
  ['Wycheproof x25519_jwk', 'wycheproof/x25519_jwk_test.json', 'X25519'],
] as const

for (const [name, path, crv] of FILES) {
  describeVectors(name, path, () => {
    // biome-ignore lint/suspicious/noExplicitAny: see readVectors.
    const tests: any[] = readVectors(path).testGroups.flatMap((group: any) => group.tests)

    // biome-ignore lint/suspicious/noExplicitAny: see readVectors.
    function agreed({ public: epk, private: jwk }: any): string | undefined {
      const members = ephemeralMembers(epk, crv)
      return members && agreeAsReceiver(privateKeyFromJwk(jwk).privateKey, members)?.toString('hex')
    }

    test('every valid agreement gives the stated secret', () => {
      const valid = tests.filter(({ result }) => result === 'valid')
      expect(valid.length).toBeGreaterThan(100)
      for (const vector of valid) expect([vector.tcId, agreed(vector)]).toEqual([vector.tcId, vector.shared])
    })

    test('every invalid public key is refused, as an epk and as a recipient', () => {
      const invalid = tests.filter(({ result }) => result === 'invalid')
      for (const vector of invalid) {
        expect([vector.tcId, vector.comment, agreed(vector)]).toEqual([vector.tcId, vector.comment, undefined])
        const recipient = publicKeyFromMembers({ ...vector.public })
        // Alone, a good key of another curve is no fault.
        expect([vector.tcId, isProblem(recipient) || recipient.crv !== crv]).toEqual([vector.tcId, true])
      }
    })

    test('whatever may be taken or refused is refused or gives the stated secret', () => {
      const acceptable = tests.filter(({ result }) => result === 'acceptable')
      for (const vector of acceptable) expect([undefined, vector.shared]).toContain(agreed(vector))
    })
  })
}
