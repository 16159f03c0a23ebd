import { FieldsealError } from '../../errors.ts'
import type { Exhausted, Reservation } from '../../pipeline/byte-budget.ts'
import { type Refusal, refusal } from './refusal.ts'

/** Bytes that one connection, and all together, may have under way. */
export interface RoomLimits {
  readonly connection: number
  readonly total: number
}

/** The memory of one request. Once it has refused, `refusal` says what to answer. */
export class Room {
  readonly #reservation: Reservation
  readonly #limits: RoomLimits
  #refusal: Refusal | undefined

  constructor(reservation: Reservation, limits: RoomLimits) {
    this.#reservation = reservation
    this.#limits = limits
  }

  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Asks for bytes that are to be kept. */
  readonly reserve = (bytes: number): boolean => {
    if (this.#refusal !== undefined) return false
    const exhausted = this.#reservation.grow(bytes)
    if (exhausted !== undefined) this.#refusal = this.#refused(exhausted, this.#reservation.bytes + bytes)
    return exhausted === undefined
  }

  give(bytes: number): void {
    this.#reservation.shrink(bytes)
  }

  /** Gives back what is not needed for so many bytes. */
  reduceTo(bytes: number): void {
    this.#reservation.shrink(Math.max(0, this.#reservation.bytes - bytes))
  }

  #refused(exhausted: Exhausted, needed: number): Refusal {
    // What does not fit even when nothing else is there will not fit later either.
    const { connection, total } = this.#limits
    if (needed > Math.min(connection, total)) {
      const limit =
        connection < total
          ? `service.in_flight.connection (${connection} bytes)`
          : `service.in_flight.total (${total} bytes)`
      return refusal(
        413,
        new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `the request needs more memory than ${limit}`),
      )
    }
    return exhausted === 'connection'
      ? refusal(429, new FieldsealError('FIELDSEAL_BUSY', 'this connection has too many bytes under way'))
      : refusal(503, new FieldsealError('FIELDSEAL_BUSY', 'all connections together have too many bytes under way'))
  }
}
