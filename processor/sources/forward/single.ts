import type { FieldsealError } from '../../errors.ts'
import type { ConnectionBudget, Reservation } from '../../pipeline/byte-budget.ts'
import { inflate } from './inflate.ts'
import type { Message } from './message.ts'
import { type Prepared, reserve, type Unit } from './unit.ts'

/** One message that goes by itself. */
export class Single implements Unit {
  readonly messages = 1
  readonly chunks: readonly Buffer[]
  readonly #message: Message
  readonly #reservation: Reservation
  readonly #budget: ConnectionBudget
  readonly #maxInflated: number

  /** @param reservation - holds the bytes of the message, which are its own. */
  constructor(message: Message, reservation: Reservation, budget: ConnectionBudget, maxInflated: number) {
    const { chunk } = message.options
    this.chunks = chunk === undefined ? [] : [chunk]
    this.#message = message
    this.#reservation = reservation
    this.#budget = budget
    this.#maxInflated = maxInflated
  }

  get bytes(): number {
    return this.#reservation.bytes
  }

  async prepare(): Promise<Prepared | FieldsealError> {
    const { bytes, mode, options } = this.#message
    const { compression } = options
    // As in Fluentd, only a stream of entries can be compressed.
    if (mode === 'packed' && compression !== undefined) {
      const inflated = await inflate(this.#message, compression, this.#maxInflated, this.#budget)
      // Whoever sent it has it still.
      if ('bytes' in inflated && this.chunks.length > 0) this.release()
      return inflated
    }
    if (this.chunks.length > 0) return { bytes, reservation: this.#reservation }
    const reservation = reserve(this.#budget, bytes.length)
    if ('code' in reservation) return reservation
    // The pipeline frees what it is given, and the next attempt needs it again.
    const copy = Buffer.allocUnsafeSlow(bytes.length)
    copy.set(bytes)
    return { bytes: copy, reservation }
  }

  halves(): undefined {
    return undefined
  }

  release(): void {
    this.#reservation.release()
  }
}
