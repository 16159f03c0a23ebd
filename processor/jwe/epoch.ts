import { ContentKeyPool, POOL_KEYS } from './content-key-pool.ts'
import { type ContentKeyRun, ContentKeys } from './content-keys.ts'
import { EpochRecipient } from './epoch-recipient.ts'
import type { Primitives } from './primitives.ts'
import type { Recipient } from './recipients.ts'

export interface EpochLimits {
  readonly maxAgeMs: number
  /** Content keys that are encrypted under one agreement. */
  readonly maxWraps: number
}

/** No setting goes beyond: AES key wrap stays far from its bounds, and one stolen key opens a bounded number of values. */
export const HARD_MAX_WRAPS = 2 ** 32

/**
 * One key agreement for each recipient, used until it is `maxAgeMs` old or has encrypted `maxWraps` content keys.
 *
 * Each recipient has an ephemeral key of its own, so that each serves in one agreement (RFC 7518 section 4.6); its
 * private half is gone before the first value is sealed.
 */
export class Epoch {
  readonly #recipients: readonly EpochRecipient[]
  readonly #limits: EpochLimits
  readonly #primitives: Primitives
  readonly #startedAt: number
  readonly #pool: ContentKeyPool | undefined
  #wraps = 0

  constructor(recipients: readonly Recipient[], limits: EpochLimits, primitives: Primitives) {
    this.#recipients = recipients.map((recipient) => new EpochRecipient(recipient, primitives))
    this.#limits = limits
    this.#primitives = primitives
    this.#startedAt = primitives.now()
    // RSA is not pooled: there is no batch that would make it cheaper, and 256 keys drawn ahead would hold the thread
    // for 10 ms and be thrown away where values are rare.
    const poolable = limits.maxWraps > 1 && recipients.every((recipient) => recipient.crv !== undefined)
    this.#pool = poolable ? new ContentKeyPool((count) => this.#draw(count), primitives.now) : undefined
  }

  /** Whether a new epoch must begin before anything else is sealed. */
  get isOver(): boolean {
    if (this.#primitives.now() - this.#startedAt >= this.#limits.maxAgeMs) return true
    return this.#wraps >= this.#limits.maxWraps && (this.#pool?.size ?? 0) === 0
  }

  /** Content keys that were encrypted so far. */
  get wraps(): number {
    return this.#wraps
  }

  /** Takes one to `wanted` content keys, or none where the epoch is spent. */
  take(wanted: number): ContentKeyRun | undefined {
    const available = this.#limits.maxWraps - this.#wraps
    if (this.#pool) return this.#pool.take(wanted, available)
    const count = Math.min(wanted, available, POOL_KEYS)
    return count === 0 ? undefined : { keys: this.#draw(count), from: 0, count }
  }

  discardOldKeys(): void {
    this.#pool?.discardOld()
  }

  /** Overwrites what waits in the pool. The epoch must not be used afterwards. */
  end(): void {
    this.#pool?.discard()
  }

  #draw(count: number): ContentKeys {
    this.#wraps += count
    return new ContentKeys(this.#recipients, count, this.#primitives)
  }
}
