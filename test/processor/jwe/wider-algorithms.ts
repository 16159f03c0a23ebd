import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { unwrapKey } from '../../../processor/jwe/aes-key-wrap.ts'
import { aesGcm, CONTENT_DECRYPTION, type ContentDecryption } from '../../../processor/jwe/content-decryption.ts'
import { KEY_MANAGEMENT, type KeyManagement, keyAgreement } from '../../../processor/jwe/key-management.ts'

/**
 * A wider allow-list than anything that ships, so that vectors of other algorithms run through the same parser, choice
 * of key and opener: the shipped rows with other sizes and P-384, and rows that exist here alone.
 */
const CURVES = {
  'P-256': { kty: 'EC', coordinateBytes: 32 },
  'P-384': { kty: 'EC', coordinateBytes: 48 },
  X25519: { kty: 'OKP', coordinateBytes: 32 },
}

function aesKeyWrap(alg: string): KeyManagement {
  return { alg, contentKey: ({ privateKey }, { encryptedKey }) => unwrapKey(privateKey.export(), encryptedKey) }
}

/** RFC 7518 section 5.2.2. */
function aesCbcHmac(enc: string, keyBytes: 32 | 48 | 64): ContentDecryption {
  const half = keyBytes / 2
  return {
    enc,
    keyBytes,
    ivBytes: 16,
    tagBytes: half,
    decrypt({ key, iv, authenticated, ciphertext, tag }) {
      const length = Buffer.alloc(8)
      length.writeBigUInt64BE(BigInt(authenticated.length * 8))
      const hmac = createHmac(`sha${keyBytes * 8}`, key.subarray(0, half))
      for (const part of [authenticated, iv, ciphertext, length]) hmac.update(part)
      if (!timingSafeEqual(hmac.digest().subarray(0, half), tag)) return undefined
      const decipher = createDecipheriv(`aes-${half * 8}-cbc`, key.subarray(half), iv)
      try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

export const WIDER_ALGORITHMS: readonly KeyManagement[] = [
  ...KEY_MANAGEMENT,
  keyAgreement('ECDH-ES+A128KW', 16, CURVES),
  keyAgreement('ECDH-ES+A192KW', 24, CURVES),
  keyAgreement('ECDH-ES+A256KW', 32, CURVES),
  ...['A128KW', 'A192KW', 'A256KW'].map(aesKeyWrap),
  {
    alg: 'dir',
    contentKey: ({ privateKey }, { encryptedKey }) => (encryptedKey.length === 0 ? privateKey.export() : undefined),
  },
]

export const WIDER_CONTENT_ENCRYPTIONS: readonly ContentDecryption[] = [
  ...CONTENT_DECRYPTION,
  aesGcm('A128GCM', 16),
  aesGcm('A192GCM', 24),
  aesCbcHmac('A128CBC-HS256', 32),
  aesCbcHmac('A192CBC-HS384', 48),
  aesCbcHmac('A256CBC-HS512', 64),
]

/** Key management that is not implemented, and why. */
export const NOT_IMPLEMENTED: Readonly<Record<string, string>> = {
  RSA1_5: 'RSAES-PKCS1-v1_5 invites padding oracles (RFC 8725 section 3.2)',
  'RSA-OAEP': 'OAEP with SHA-1',
  'ECDH-ES': 'direct agreement would give all values of an epoch one content key',
  A128GCMKW: 'AES-GCM key wrap',
  A192GCMKW: 'AES-GCM key wrap',
  A256GCMKW: 'AES-GCM key wrap',
  'PBES2-HS512+A256KW': 'passwords',
}
