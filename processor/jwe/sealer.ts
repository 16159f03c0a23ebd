import { FieldsealError } from '../errors.ts'
import { CONTENT_ENCRYPTION } from './algorithms.ts'
import type { HeaderTemplate } from './envelope.ts'
import { type EpochLimits, HARD_MAX_WRAPS } from './epoch.ts'
import type { SealObserver } from './observer.ts'
import { NODE_PRIMITIVES, type Primitives } from './primitives.ts'
import { RecipientSet } from './recipient-set.ts'
import { type Recipient, uniqueRecipients } from './recipients.ts'
import { type SealedValue, type Serialization, sealValue } from './seal-value.ts'

export type { RecipientSet } from './recipient-set.ts'
export type { SealedValue, Serialization } from './seal-value.ts'

/** Recipients that one JWE is written for, at most. Openers read twice as many. */
export const MAXIMUM_RECIPIENTS = 8
const MAXIMUM_EPOCH_AGE_MS = 3_600_000
/** 12 bytes are 16 characters without a remainder, so that all of a call can be encoded at once. */
const IV_CHARACTERS = 16

export interface SealerOptions {
  /** A fresh key agreement for each value, and no key drawn ahead. */
  readonly strict: boolean
  /** Age at which an epoch ends: over 0, at most an hour. */
  readonly maxAgeMs: number
  /** Values sealed in one epoch: 1 to 2^32. */
  readonly maxWraps: number
  /** Longest plaintext. */
  readonly maxValueBytes: number
  readonly observer?: SealObserver
  /** For tests: parts of the platform that fail or stand still. */
  readonly primitives?: Partial<Primitives>
}

export interface SealRequest {
  readonly to: RecipientSet
  /** Made by `headerTemplate` and kept by the caller: encoding it anew costs more than sealing. */
  readonly header: HeaderTemplate
  readonly plaintext: Uint8Array
  /** `compact` has exactly one recipient. */
  readonly serialization: Serialization
}

/** Replaces values by JWEs, synchronously. One sealer serves one thread; epochs are never shared between sealers. */
export class Sealer {
  readonly #options: SealerOptions
  readonly #limits: EpochLimits
  readonly #primitives: Primitives
  readonly #sets = new Map<string, RecipientSet>()

  /** @throws `FIELDSEAL_CONFIG_INVALID` where a limit is out of its range. */
  constructor(options: SealerOptions) {
    const { maxAgeMs, maxWraps } = options
    if (!(maxAgeMs > 0 && maxAgeMs <= MAXIMUM_EPOCH_AGE_MS)) {
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', 'The age of an epoch must be over 0 and at most one hour.')
    }
    if (!(Number.isSafeInteger(maxWraps) && maxWraps >= 1 && maxWraps <= HARD_MAX_WRAPS)) {
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', 'The wraps of an epoch must be 1 to 4294967296.')
    }
    this.#options = options
    this.#limits = { maxAgeMs, maxWraps }
    this.#primitives = { ...NODE_PRIMITIVES, ...options.primitives }
  }

  /**
   * The set for a list of recipients, ordered as given, repetitions removed. Equal lists give the same set, hence share
   * its epochs.
   *
   * @param options - `strict` overrides the sealer's own setting.
   * @throws `FIELDSEAL_RECIPIENT_INVALID` for none, for more than 8, and where one kid names two keys.
   */
  recipientSet(recipients: readonly Recipient[], options: { readonly strict?: boolean } = {}): RecipientSet {
    const unique = uniqueRecipients(recipients)
    if (unique.length === 0 || unique.length > MAXIMUM_RECIPIENTS) {
      const message = `A value is sealed for 1 to ${MAXIMUM_RECIPIENTS} recipients, not for ${unique.length}.`
      throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', message)
    }
    const strict = options.strict ?? this.#options.strict
    const key = JSON.stringify([strict, unique.map(({ kid, thumbprint }) => [kid, thumbprint])])
    let set = this.#sets.get(key)
    if (!set) {
      set = new RecipientSet(Object.freeze([...unique]), strict, this.#limits, this.#primitives, this.#options.observer)
      this.#sets.set(key, set)
    }
    return set
  }

  /**
   * Seals all requests or none.
   *
   * @returns one sealed value for each request, in their order.
   * @throws `FIELDSEAL_VALUE_TOO_LARGE` before anything is sealed; `FIELDSEAL_RECIPIENT_INVALID` for `compact` with
   *   several recipients; `FIELDSEAL_SEAL_FAILED` where a cipher, the random generator or the probe of an epoch fails;
   *   `FIELDSEAL_RECIPIENT_EXPIRED`.
   */
  seal(requests: readonly SealRequest[]): SealedValue[] {
    const bySet = this.#checkAndGroup(requests)
    for (const set of bySet.keys()) set.requireUsable()
    const { observer } = this.#options
    const start = observer === undefined ? 0 : performance.now()
    try {
      const { ivBytes } = CONTENT_ENCRYPTION
      const ivs = this.#primitives.random(Buffer.allocUnsafe(requests.length * ivBytes))
      const ivTexts = ivs.toString('base64url')
      const sealed = new Array<SealedValue>(requests.length)
      for (const [set, places] of bySet) {
        for (let done = 0; done < places.length; ) {
          const { keys, from, count } = set.take(places.length - done)
          try {
            for (let at = 0; at < count; at++) {
              const place = places[done + at]!
              const iv = ivs.subarray(place * ivBytes, (place + 1) * ivBytes)
              const ivText = ivTexts.slice(place * IV_CHARACTERS, (place + 1) * IV_CHARACTERS)
              sealed[place] = sealValue(requests[place]!, keys, from + at, iv, ivText, this.#primitives)
            }
          } finally {
            keys.erase(from, count)
          }
          done += count
        }
      }
      if (observer !== undefined) tell(observer, performance.now() - start, bySet.keys())
      return sealed
    } catch {
      // Whatever broke: no key that it touched is used again.
      for (const set of bySet.keys()) set.endEpoch()
      throw new FieldsealError('FIELDSEAL_SEAL_FAILED', 'Sealing failed; no value of the call was sealed.')
    }
  }

  /** Drops all keys. The sealer can go on: the next value begins a new epoch. */
  close(): void {
    for (const set of this.#sets.values()) set.endEpoch()
  }

  /** The places of the requests of each set, so that their keys are encrypted together. */
  #checkAndGroup(requests: readonly SealRequest[]): Map<RecipientSet, number[]> {
    const bySet = new Map<RecipientSet, number[]>()
    for (let place = 0; place < requests.length; place++) {
      const { to, plaintext, serialization } = requests[place]!
      if (plaintext.length > this.#options.maxValueBytes) {
        throw new FieldsealError('FIELDSEAL_VALUE_TOO_LARGE', 'A value is longer than the limit for sealing.')
      }
      if (serialization === 'compact' && to.recipients.length !== 1) {
        const message = 'The compact serialization has exactly one recipient.'
        throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', message)
      }
      const places = bySet.get(to)
      if (places) places.push(place)
      else bySet.set(to, [place])
    }
    return bySet
  }
}

/** Once for the call: what is strict begins an epoch for each value. */
function tell(observer: SealObserver, milliseconds: number, sets: Iterable<RecipientSet>): void {
  observer.sealed(milliseconds)
  let begun = 0
  for (const set of sets) begun += set.takeBegun()
  if (begun > 0) observer.epochsBegun(begun)
}
