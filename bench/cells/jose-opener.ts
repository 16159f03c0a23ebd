import { type GeneralJWE, generalDecrypt, importJWK, type JWK } from 'jose'
import type { NamedOpener } from '../checks/sealed-batch.ts'
import type { KeyPair } from './key-pairs.ts'

/** One opener for each recipient, by jose. `atMost`: it is slow, so it is tried on a sample. */
export function joseOpeners(pairs: readonly KeyPair[], atMost: number): Promise<NamedOpener[]> {
  return Promise.all(
    pairs.map(async ({ name, privateJwk }) => {
      const key = await importJWK({ ...privateJwk } as JWK)
      const open = async (jwe: string): Promise<string> => {
        const { plaintext } = await generalDecrypt(JSON.parse(jwe) as GeneralJWE, key)
        return Buffer.from(plaintext).toString('utf8')
      }
      return { name: `jose as ${name}`, open, atMost }
    }),
  )
}
