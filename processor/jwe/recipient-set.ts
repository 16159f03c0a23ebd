import { POOL_AGE_MS } from './content-key-pool.ts'
import type { ContentKeyRun } from './content-keys.ts'
import { Epoch, type EpochLimits } from './epoch.ts'
import type { Primitives } from './primitives.ts'
import { proveSealing } from './probe.ts'
import type { Recipient } from './recipients.ts'

/**
 * The recipients of one seal rule, in their order, with their current epoch. It never changes: another list is another
 * set with epochs of its own. Made by `Sealer.recipientSet`.
 */
export class RecipientSet {
  readonly recipients: readonly Recipient[]
  readonly strict: boolean
  readonly #limits: EpochLimits
  readonly #primitives: Primitives
  #epoch: Epoch | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(recipients: readonly Recipient[], strict: boolean, limits: EpochLimits, primitives: Primitives) {
    this.recipients = recipients
    this.strict = strict
    this.#limits = strict ? { ...limits, maxWraps: 1 } : limits
    this.#primitives = primitives
  }

  /**
   * Takes one to `wanted` content keys, beginning a new epoch where the old one is over.
   *
   * @throws whatever a primitive throws, and an error where the probe of a new epoch fails.
   */
  take(wanted: number): ContentKeyRun {
    // The last keys of an epoch may grow old while they wait, at this very moment, too: then none is left of it.
    const waiting = this.#epoch?.isOver ? undefined : this.#epoch?.take(wanted)
    const run = waiting ?? this.#beginEpoch().take(wanted)
    if (!run) throw new RangeError('an epoch that has just begun gave no key')
    if (this.#epoch?.isOver) this.endEpoch()
    else this.#timer ??= setTimeout(() => this.#sweep(), POOL_AGE_MS).unref()
    return run
  }

  /** Drops the key-wrapping keys and overwrites the content keys that wait. */
  endEpoch(): void {
    this.#epoch?.end()
    this.#epoch = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #beginEpoch(): Epoch {
    this.endEpoch()
    proveSealing(this.recipients, this.#primitives)
    this.#epoch = new Epoch(this.recipients, this.#limits, this.#primitives)
    return this.#epoch
  }

  /** Without new values nothing else would end an epoch or empty a pool in time. */
  #sweep(): void {
    this.#timer = undefined
    if (this.#epoch?.isOver) this.endEpoch()
    if (!this.#epoch) return
    this.#epoch.discardOldKeys()
    this.#timer = setTimeout(() => this.#sweep(), POOL_AGE_MS).unref()
  }
}
