import { generateKeyPair, type JsonWebKey, type KeyPairKeyObjectResult } from 'node:crypto'
import { promisify } from 'node:util'
import type { RecipientKeys } from './cell.ts'

export interface KeyPair {
  readonly name: string
  readonly publicJwk: JsonWebKey & { kid: string; alg: string }
  readonly privateJwk: JsonWebKey & { kid: string; alg: string }
}

const generate = promisify(generateKeyPair) as (type: string, options: object) => Promise<KeyPairKeyObjectResult>

const KINDS = {
  'P-256': { type: 'ec', options: { namedCurve: 'P-256' }, alg: 'ECDH-ES+A256KW' },
  X25519: { type: 'x25519', options: {}, alg: 'ECDH-ES+A256KW' },
  'RSA-OAEP-256': { type: 'rsa', options: { modulusLength: 2048 }, alg: 'RSA-OAEP-256' },
} as const satisfies Record<RecipientKeys, { type: string; options: object; alg: string }>

export const KEY_ALGORITHM = (keys: RecipientKeys): string => KINDS[keys].alg

/** Three fresh recipients, `a`, `b` and `c`. */
export async function threeKeyPairs(keys: RecipientKeys): Promise<readonly KeyPair[]> {
  const { type, options, alg } = KINDS[keys]
  return Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const { publicKey, privateKey } = await generate(type, options)
      const stated = { kid: `${name}-bench`, alg }
      return {
        name,
        publicJwk: { ...publicKey.export({ format: 'jwk' }), ...stated },
        privateJwk: { ...privateKey.export({ format: 'jwk' }), ...stated },
      }
    }),
  )
}
