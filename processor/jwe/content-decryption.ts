import { createDecipheriv, createSecretKey } from 'node:crypto'
import { CONTENT_ENCRYPTION } from './algorithms.ts'

/** How one `enc` is undone. */
export interface ContentDecryption {
  readonly enc: string
  readonly keyBytes: number
  readonly ivBytes: number
  readonly tagBytes: number
  /** @returns undefined where the tag is not that of the rest. All lengths are as stated above. */
  readonly decrypt: (input: ContentDecryptionInput) => Buffer | undefined
}

export interface ContentDecryptionInput {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly authenticated: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** The row for AES in Galois/Counter Mode (RFC 7518 section 5.3). */
export function aesGcm(enc: string, keyBytes: 16 | 24 | 32): ContentDecryption {
  const { ivBytes, tagBytes } = CONTENT_ENCRYPTION
  return {
    enc,
    keyBytes,
    ivBytes,
    tagBytes,
    decrypt({ key, iv, authenticated, ciphertext, tag }) {
      const cipher = `aes-${(keyBytes * 8) as 128 | 192 | 256}-gcm` as const
      const decipher = createDecipheriv(cipher, createSecretKey(key), iv, { authTagLength: tagBytes })
      decipher.setAAD(authenticated)
      decipher.setAuthTag(tag)
      const plaintext = decipher.update(ciphertext)
      try {
        decipher.final()
        return plaintext
      } catch {
        // Nothing of what was not authenticated stays behind.
        plaintext.fill(0)
        return undefined
      }
    },
  }
}

/** What openers accept unless told otherwise. */
export const CONTENT_DECRYPTION: readonly ContentDecryption[] = [aesGcm(CONTENT_ENCRYPTION.enc, 32)]
