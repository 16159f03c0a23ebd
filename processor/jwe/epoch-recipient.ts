import { publicEncrypt } from 'node:crypto'
import { CONTENT_KEY_BYTES, KeyWrapper, WRAPPED_KEY_BYTES } from './aes-key-wrap.ts'
import {
  encodeProtected,
  type HeaderTemplate,
  protectedText,
  type RecipientHeader,
  recipientHeaderText,
} from './envelope.ts'
import { agreeAsSender } from './key-agreement.ts'
import { OAEP_SHA256 } from './oaep.ts'
import type { Primitives } from './primitives.ts'
import type { Recipient } from './recipients.ts'
import { recipientPrefix } from './serialization.ts'

/** Compact headers that are kept: one for each path and type, so that a flood of paths cannot fill the memory. */
const MAXIMUM_COMPACT_HEADERS = 1024

/**
 * One recipient for the length of one epoch: for ECDH-ES the key-wrapping key that was agreed when this was made, for
 * RSA the public key itself, since there nothing can be agreed ahead.
 */
export class EpochRecipient {
  /** The text before this recipient's `encrypted_key` in the General JSON serialization. */
  readonly prefix: string
  readonly encryptedKeyBytes: number
  readonly #header: RecipientHeader
  readonly #encrypt: (keys: Buffer, count: number) => Buffer
  readonly #compactHeaders = new Map<HeaderTemplate, Pick<HeaderTemplate, 'encoded' | 'aad'>>()

  constructor(recipient: Recipient, primitives: Primitives) {
    const { alg, kid, crv, publicKey } = recipient
    if (crv === undefined) {
      const bytes = Math.ceil((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
      this.#header = { alg, kid }
      this.encryptedKeyBytes = bytes
      this.#encrypt = (keys, count) => {
        const encrypted = Buffer.allocUnsafe(count * bytes)
        for (let at = 0; at < count; at++) {
          const key = keys.subarray(at * CONTENT_KEY_BYTES, (at + 1) * CONTENT_KEY_BYTES)
          publicEncrypt({ key: publicKey, ...OAEP_SHA256 }, key).copy(encrypted, at * bytes)
        }
        return encrypted
      }
    } else {
      const { epk, kek } = agreeAsSender({ crv, publicKey }, primitives)
      const wrapper = new KeyWrapper(kek)
      kek.fill(0)
      this.#header = { alg, kid, epk }
      this.encryptedKeyBytes = WRAPPED_KEY_BYTES
      this.#encrypt = (keys, count) => wrapper.wrap(keys, count)
    }
    this.prefix = recipientPrefix(recipientHeaderText(this.#header))
  }

  /** Encrypts `count` content encryption keys, one after another; each result has `encryptedKeyBytes`. */
  encrypt(keys: Buffer, count: number): Buffer {
    return this.#encrypt(keys, count)
  }

  /** The protected header of the compact serialization, where this recipient's own header stands in it. */
  compactHeader(template: HeaderTemplate): Pick<HeaderTemplate, 'encoded' | 'aad'> {
    let encoded = this.#compactHeaders.get(template)
    if (!encoded) {
      encoded = encodeProtected(protectedText(template.header, this.#header))
      if (this.#compactHeaders.size === MAXIMUM_COMPACT_HEADERS) this.#compactHeaders.clear()
      this.#compactHeaders.set(template, encoded)
    }
    return encoded
  }
}
