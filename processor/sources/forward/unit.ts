import { FieldsealError } from '../../errors.ts'
import type { ConnectionBudget, Reservation } from '../../pipeline/byte-budget.ts'

/** What one attempt hands to the pipeline; whoever asked for it releases the reservation. */
export interface Prepared {
  readonly bytes: Buffer
  readonly reservation: Reservation
}

/** What is settled at once: one message, or several small ones behind each other. */
export interface Unit {
  readonly messages: number
  /** Bytes that it holds. */
  readonly bytes: number
  /** By which its messages are acknowledged; empty where nobody waits for it, and nobody else has it. */
  readonly chunks: readonly Buffer[]
  /**
   * Bytes for one attempt: as many as are wanted where there are no chunks, one otherwise.
   *
   * @returns `nothing` where there is nothing to pass on, or why not.
   */
  prepare(): Promise<Prepared | 'nothing' | FieldsealError>
  /** Halves, to find the message that is wrong; undefined of a single message. What they hold stays the unit's. */
  halves(): readonly Unit[] | undefined
  release(): void
}

/** Reserves bytes for an attempt. */
export function reserve(budget: ConnectionBudget, bytes: number): Reservation | FieldsealError {
  const reservation = budget.reservation()
  return reservation.grow(bytes) === undefined ? reservation : noRoom(reservation.fits(bytes))
}

export function noRoom(ever: boolean): FieldsealError {
  return ever
    ? new FieldsealError('FIELDSEAL_BUSY', 'there is no room for the message')
    : new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the message needs more memory than service.in_flight')
}

/** What is not passed on: for good, or because it is no log. */
export class Settled implements Unit {
  readonly messages = 1
  readonly bytes = 0
  readonly chunks: readonly Buffer[]
  readonly #outcome: 'nothing' | FieldsealError

  constructor(chunk: Buffer | undefined, outcome: 'nothing' | FieldsealError) {
    this.chunks = chunk === undefined ? [] : [chunk]
    this.#outcome = outcome
  }

  async prepare(): Promise<'nothing' | FieldsealError> {
    return this.#outcome
  }

  halves(): undefined {
    return undefined
  }

  release(): void {}
}
