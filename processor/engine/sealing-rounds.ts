import { FieldsealError } from '../errors.ts'
import type { HeaderTemplate } from '../jwe/envelope.ts'
import type { RecipientSet, SealedValue, Sealer, Serialization } from '../jwe/sealer.ts'

/** A value that will be sealed. `sealed` is there after the round that it belongs to. */
export class Slot {
  readonly to: RecipientSet
  readonly header: HeaderTemplate
  readonly serialization: Serialization
  /** 0, or one more than the deepest slot whose result stands in the plaintext. */
  readonly depth: number
  readonly record: number
  readonly plaintext: () => Uint8Array
  #sealed: SealedValue | undefined

  constructor(request: Pick<Slot, 'to' | 'header' | 'serialization' | 'depth' | 'record' | 'plaintext'>) {
    this.to = request.to
    this.header = request.header
    this.serialization = request.serialization
    this.depth = request.depth
    this.record = request.record
    this.plaintext = request.plaintext
  }

  get sealed(): SealedValue {
    if (this.#sealed === undefined)
      throw new FieldsealError('FIELDSEAL_INTERNAL', 'a sealed value is asked for before its round')
    return this.#sealed
  }

  settle(sealed: SealedValue): void {
    this.#sealed = sealed
  }
}

/** JWEs that one batch may be given: each takes about a kilobyte before anything can be written. */
const MOST_SLOTS = 1 << 19

/** Bytes that a batch may grow to: a JWE is up to a hundred times as long as what it holds. */
export const MOST_OUTPUT_BYTES = 512 * 1024 * 1024

/** No JWE is shorter than this, whatever it holds. */
function leastBytes(recipients: number): number {
  return 150 + 200 * recipients
}

/**
 * The values of one batch that are to be sealed. Nearly all can be sealed in one call, which is what makes it fast;
 * what contains other sealed values waits for the next.
 */
export class SealingRounds {
  readonly #sealer: Sealer
  readonly #maxValueBytes: number
  readonly #rounds: Slot[][] = []
  #count = 0
  #leastBytes = 0

  constructor(sealer: Sealer, maxValueBytes: number) {
    this.#sealer = sealer
    this.#maxValueBytes = maxValueBytes
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_TOO_LARGE` */
  add(slot: Slot): Slot {
    this.#count += 1
    if (this.#count > MOST_SLOTS) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the batch has more than 524288 values to seal', {
        record: slot.record,
      })
    }
    // Before anything is sealed: all of it would have to be held at once to see that it is too much.
    this.#leastBytes += leastBytes(slot.to.recipients.length)
    if (this.#leastBytes > MOST_OUTPUT_BYTES) throw tooLargeOutput(slot.record)
    while (this.#rounds.length <= slot.depth) this.#rounds.push([])
    this.#rounds[slot.depth]!.push(slot)
    return slot
  }

  /** @throws FieldsealError `FIELDSEAL_VALUE_TOO_LARGE` with the record, or what the sealer throws. */
  run(): void {
    for (const slots of this.#rounds) {
      const sealed = this.#sealer.seal(slots.map((slot) => this.#request(slot)))
      for (const [index, slot] of slots.entries()) slot.settle(sealed[index]!)
    }
  }

  #request(slot: Slot) {
    const plaintext = slot.plaintext()
    if (plaintext.length > this.#maxValueBytes) {
      throw new FieldsealError('FIELDSEAL_VALUE_TOO_LARGE', 'what is to be sealed is over limits.value', {
        record: slot.record,
      })
    }
    return { to: slot.to, header: slot.header, serialization: slot.serialization, plaintext }
  }
}

export function tooLargeOutput(record?: number): FieldsealError {
  const place = record === undefined ? {} : { record }
  return new FieldsealError(
    'FIELDSEAL_INPUT_TOO_LARGE',
    'the sealed batch would be over 512 MiB: send smaller batches',
    place,
  )
}
