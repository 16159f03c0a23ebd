import { type KeyObject, privateDecrypt } from 'node:crypto'
import { unwrapKey } from './aes-key-wrap.ts'
import { CURVES } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { concatKdf } from './concat-kdf.ts'
import type { KekCache } from './kek-cache.ts'
import { agreeAsReceiver, type CurveTable, ephemeralMembers } from './key-agreement.ts'
import { OAEP_SHA256 } from './oaep.ts'
import type { ParsedRecipient } from './parse.ts'

/** A private key with the one algorithm and curve that it is for (RFC 8725 section 3.1). */
export interface OpeningKey {
  readonly kid: string
  readonly alg: string
  readonly crv?: string
  readonly privateKey: KeyObject
}

/** How one `alg` gives the content encryption key. */
export interface KeyManagement {
  readonly alg: string
  /**
   * Does at most one operation with the private key.
   *
   * @returns undefined where there is no content key to be had; the caller goes on with a random one.
   */
  readonly contentKey: (key: OpeningKey, recipient: ParsedRecipient, keks: KekCache) => Buffer | undefined
}

/** The row for ECDH-ES with AES key wrap (RFC 7518 section 4.6). */
export function keyAgreement(alg: string, kekBytes: 16 | 24 | 32, curves: CurveTable = CURVES): KeyManagement {
  return {
    alg,
    contentKey(key, { header, encryptedKey }, keks) {
      const apu = partyInfo(header.apu)
      const apv = partyInfo(header.apv)
      const epk = key.crv === undefined ? undefined : ephemeralMembers(header.epk, key.crv, curves)
      if (!epk || !apu || !apv) return undefined
      // JSON keeps the parts apart, whatever characters stand in them.
      const name = JSON.stringify([key.kid, alg, epk, header.apu, header.apv])
      const kek = keks.get(name, () => {
        const sharedSecret = agreeAsReceiver(key.privateKey, epk)
        if (!sharedSecret) return undefined
        const derived = concatKdf(sharedSecret, { algorithm: alg, keyBytes: kekBytes, apu, apv })
        sharedSecret.fill(0)
        return derived
      })
      return kek && unwrapKey(kek, encryptedKey)
    },
  }
}

/** The row for RSA-OAEP with SHA-256 (RFC 7518 section 4.3). */
export const RSA_OAEP_256: KeyManagement = {
  alg: 'RSA-OAEP-256',
  contentKey({ privateKey }, { encryptedKey }) {
    try {
      return privateDecrypt({ key: privateKey, ...OAEP_SHA256 }, encryptedKey)
    } catch {
      return undefined
    }
  },
}

/** What openers accept unless told otherwise. */
export const KEY_MANAGEMENT: readonly KeyManagement[] = [keyAgreement('ECDH-ES+A256KW', 32), RSA_OAEP_256]

function partyInfo(value: unknown): Buffer | undefined {
  if (value === undefined) return Buffer.alloc(0)
  return typeof value === 'string' ? decodeBase64url(value) : undefined
}
