import { FieldsealError } from '../errors.ts'
import { POOL_AGE_MS } from './content-key-pool.ts'
import type { ContentKeyRun } from './content-keys.ts'
import { Epoch, type EpochLimits } from './epoch.ts'
import type { SealObserver } from './observer.ts'
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
  readonly #observer: SealObserver | undefined
  /** Milliseconds since 1970. */
  readonly #expires: number
  #epoch: Epoch | undefined
  #begun = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    recipients: readonly Recipient[],
    strict: boolean,
    limits: EpochLimits,
    primitives: Primitives,
    observer?: SealObserver,
  ) {
    this.recipients = recipients
    this.strict = strict
    this.#limits = strict ? { ...limits, maxWraps: 1 } : limits
    this.#primitives = primitives
    this.#observer = observer
    this.#expires = Math.min(...recipients.map(({ expires }) => expires ?? Number.POSITIVE_INFINITY))
  }

  /**
   * A key that has expired is not used, and nothing is sealed for fewer recipients than there should be.
   *
   * @throws `FIELDSEAL_RECIPIENT_EXPIRED`
   */
  requireUsable(): void {
    if (this.#primitives.time() < this.#expires) return
    this.endEpoch()
    throw new FieldsealError('FIELDSEAL_RECIPIENT_EXPIRED', 'the key of a recipient has expired')
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

  /** Epochs that have begun since it was last asked. */
  takeBegun(): number {
    const begun = this.#begun
    this.#begun = 0
    return begun
  }

  /** Drops the key-wrapping keys and overwrites the content keys that wait. */
  endEpoch(): void {
    if (this.#epoch !== undefined && this.#limits.maxWraps > 1) this.#observer?.epochEnded(this.#epoch.wraps)
    this.#epoch?.end()
    this.#epoch = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #beginEpoch(): Epoch {
    this.endEpoch()
    proveSealing(this.recipients, this.#primitives)
    this.#epoch = new Epoch(this.recipients, this.#limits, this.#primitives)
    this.#begun += 1
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
