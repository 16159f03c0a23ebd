import { CONTENT_KEY_BYTES } from './aes-key-wrap.ts'
import { base64urlLength } from './base64url.ts'
import type { EpochRecipient } from './epoch-recipient.ts'
import type { Primitives } from './primitives.ts'

/** Fresh random content encryption keys, each already encrypted for every recipient of an epoch. */
export class ContentKeys {
  readonly recipients: readonly EpochRecipient[]
  readonly count: number
  readonly #keys: Buffer
  readonly #encrypted: readonly Buffer[]
  /** By recipient: all its encrypted keys in base64url. */
  readonly #texts: string[] = []

  constructor(recipients: readonly EpochRecipient[], count: number, primitives: Primitives) {
    // A buffer of its own, not a slice of the shared pool: nothing else lies beside keys.
    const keys = primitives.random(Buffer.allocUnsafeSlow(count * CONTENT_KEY_BYTES))
    this.recipients = recipients
    this.count = count
    this.#keys = keys
    this.#encrypted = recipients.map((recipient) => recipient.encrypt(keys, count))
  }

  /** The key itself, until `erase`. */
  key(index: number): Buffer {
    return this.#keys.subarray(index * CONTENT_KEY_BYTES, (index + 1) * CONTENT_KEY_BYTES)
  }

  /** The key encrypted for one recipient. */
  encryptedKey(index: number, recipient: number): Buffer {
    const bytes = this.recipients[recipient]!.encryptedKeyBytes
    return this.#encrypted[recipient]!.subarray(index * bytes, (index + 1) * bytes)
  }

  /** As `encryptedKey`, in base64url. */
  encryptedKeyText(index: number, recipient: number): string {
    const bytes = this.recipients[recipient]!.encryptedKeyBytes
    this.#texts[recipient] ??= textOfAll(this.#encrypted[recipient]!, bytes, this.count)
    const characters = charactersBetween(bytes)
    return this.#texts[recipient].slice(index * characters, index * characters + base64urlLength(bytes))
  }

  /** The `recipients` of the General JSON serialization, without the brackets. */
  recipientsText(index: number): string {
    let text = ''
    for (let recipient = 0; recipient < this.recipients.length; recipient++) {
      const separator = recipient === 0 ? '' : ','
      text += `${separator}${this.recipients[recipient]!.prefix}${this.encryptedKeyText(index, recipient)}"}`
    }
    return text
  }

  /** Overwrites the keys from `from` on. */
  erase(from = 0, count = this.count - from): void {
    this.#keys.fill(0, from * CONTENT_KEY_BYTES, (from + count) * CONTENT_KEY_BYTES)
  }
}

/** Keys that were handed out: from a block, `count` of them, starting at `from`. Who takes them erases them. */
export interface ContentKeyRun {
  readonly keys: ContentKeys
  readonly from: number
  readonly count: number
}

/** Characters from the start of one key's text to the start of the next. */
function charactersBetween(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

/** All keys encoded in one call: each is filled up to whole groups of three bytes, so that its text starts anew. */
function textOfAll(encrypted: Buffer, bytes: number, count: number): string {
  const filled = Math.ceil(bytes / 3) * 3
  const all = Buffer.alloc(count * filled)
  for (let index = 0; index < count; index++) {
    encrypted.copy(all, index * filled, index * bytes, (index + 1) * bytes)
  }
  return all.toString('base64url')
}
