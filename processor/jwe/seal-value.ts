import type { ContentKeys } from './content-keys.ts'
import type { HeaderTemplate } from './envelope.ts'
import type { Primitives } from './primitives.ts'
import { compactText, generalText, sealedId } from './serialization.ts'

export type Serialization = 'general' | 'compact'

export interface SealedValue {
  /** The JWE, ASCII. */
  readonly jwe: string
  /** The first eight characters of its `tag`. */
  readonly id: string
}

/**
 * Seals one value with one content key that has not been used before.
 *
 * @param iv - 12 fresh random bytes, and `ivText` the same in base64url.
 */
export function sealValue(
  value: { readonly header: HeaderTemplate; readonly plaintext: Uint8Array; readonly serialization: Serialization },
  keys: ContentKeys,
  index: number,
  iv: Uint8Array,
  ivText: string,
  primitives: Primitives,
): SealedValue {
  const compact = value.serialization === 'compact'
  const header = compact ? keys.recipients[0]!.compactHeader(value.header) : value.header
  const sealed = primitives.encrypt(keys.key(index), iv, header.aad, value.plaintext)
  const ciphertext = sealed.ciphertext.toString('base64url')
  const tag = sealed.tag.toString('base64url')
  const jwe = compact
    ? compactText(header.encoded, keys.encryptedKeyText(index, 0), ivText, ciphertext, tag)
    : generalText(header.encoded, keys.recipientsText(index), ivText, ciphertext, tag)
  return { jwe, id: sealedId(tag) }
}
