import { FieldsealError } from '../../errors.ts'
import { ValueScanner } from '../../forward/value-scanner.ts'
import type { ConnectionBudget, Reservation } from '../../pipeline/byte-budget.ts'
import { Segments } from '../inflation/segments.ts'

/** The configuration lets records be 200 deep, at most (`limits.depth`); around them a message has three levels. */
const DEPTH = 256

/** How many times as large as allowed a message may be and still be read over, for the option at its end. */
const READ_OVER = 4

/** Bytes of an option that is read for its chunk alone. */
const OPTION_BYTES = 4096

/** A value at the top level, whole. */
export interface Framed {
  /** A part of the chunk where `reservation` is undefined: to be used, or copied, before anything else is read. */
  readonly bytes: Buffer
  /** Holds the bytes; whoever is given it releases it. */
  readonly reservation: Reservation | undefined
  /** Where the first elements begin, from the start of the value. */
  readonly starts: readonly number[]
  /** Elements in all. */
  readonly elements: number
}

/** A message that was too large to be kept, of which all that is left is what may be its option. */
export interface Oversized {
  readonly oversized: Buffer | undefined
}

/** What came of reading: `next` is where in the chunk to go on. `no room`: to be called again in the same way. */
export type Frame = { readonly next: number; readonly value: Framed | Oversized | undefined } | 'no room'

/**
 * Cuts what comes into values. A value within one chunk is not copied; others are kept in parts that are reserved. Of
 * one that is too large nothing is kept but its last element, which says to whom it could be told.
 */
export class Framing {
  readonly #budget: ConnectionBudget
  readonly #largest: number
  readonly #scanner: ValueScanner
  #reservation: Reservation | undefined
  #segments: Segments | undefined
  /** Bytes of the value so far. */
  #length = 0
  /** Where the value ends in the chunk for whose part there was no room; the chunk has been scanned already. */
  #scanned: number | undefined
  #oversized = false
  /** Whether there could ever be room for what was asked for last. */
  #fits = true
  #option: Buffer | undefined
  #optionElement = 0
  #optionLength = 0

  /** @param largest - bytes of a value that is kept. */
  constructor(budget: ConnectionBudget, largest: number) {
    this.#budget = budget
    this.#largest = largest
    this.#scanner = new ValueScanner({ depth: DEPTH, elements: READ_OVER * largest, bytes: READ_OVER * largest })
  }

  /** Whether a value has begun that has not ended. */
  get started(): boolean {
    return this.#length > 0 || this.#scanned !== undefined
  }

  /** Bytes that are held of it. */
  get held(): number {
    return this.#reservation?.bytes ?? 0
  }

  /** @throws FieldsealError where nobody can tell where the value ends: nothing more can be read. */
  read(chunk: Buffer, start: number): Frame {
    const end = this.#scanned ?? this.#scanner.advance(chunk, start)
    this.#scanned = end
    const part = chunk.subarray(start, end === -1 ? chunk.length : end)
    if (!this.#oversized && this.#length + Math.max(part.length, end === -1 ? this.#toCome : 0) > this.#largest)
      this.#tooLarge()
    if (!this.#oversized && (end === -1 || this.#length > 0) && !this.#keep(part)) {
      if (this.#fits) return 'no room'
      this.#tooLarge()
    }
    if (this.#oversized) this.#keepOption(part)
    this.#scanned = undefined
    if (end === -1) {
      this.#length += part.length
      return { next: chunk.length, value: undefined }
    }
    const value = this.#value(part)
    this.#length = 0
    this.#oversized = false
    return { next: end, value }
  }

  /** What is known to come of the value, the part included that was scanned last. */
  get #toCome(): number {
    return this.#scanner.least - this.#length
  }

  #keep(part: Buffer): boolean {
    this.#reservation ??= this.#budget.reservation()
    const reservation = this.#reservation
    this.#segments ??= new Segments((bytes) => {
      this.#fits = reservation.fits(reservation.bytes + bytes)
      return reservation.grow(bytes) === undefined
    })
    return this.#segments.add(part)
  }

  #value(part: Buffer): Framed | Oversized {
    if (this.#oversized) return { oversized: this.#lastElement() }
    const scanner = this.#scanner
    const elements = scanner.parts
    const starts: number[] = []
    for (let index = 0; index < Math.min(elements, 5); index += 1) starts.push(scanner.partStart(index))
    const reservation = this.#reservation
    if (this.#segments === undefined || reservation === undefined)
      return { bytes: part, reservation: undefined, starts, elements }
    const bytes = this.#segments.join()
    reservation.shrink(reservation.bytes - bytes.length)
    this.#segments = undefined
    this.#reservation = undefined
    return { bytes, reservation, starts, elements }
  }

  #tooLarge(): void {
    this.#release()
    this.#oversized = true
    this.#optionElement = 0
    this.#optionLength = 0
    this.#reservation = this.#budget.reservation()
    this.#option = this.#reservation.grow(OPTION_BYTES) === undefined ? Buffer.alloc(OPTION_BYTES) : undefined
  }

  /** Keeps what is of the last element that has begun: an option is the third or fourth. */
  #keepOption(part: Buffer): void {
    const last = this.#scanner.parts - 1
    if (this.#option === undefined || last < 2 || last > 3) return
    const start = this.#scanner.partStart(last)
    if (last !== this.#optionElement) {
      this.#optionElement = last
      // One that began before the message was known to be too large is not whole.
      this.#optionLength = start < this.#length ? OPTION_BYTES + 1 : 0
    }
    const wanted = part.subarray(Math.max(0, start - this.#length))
    if (this.#optionLength + wanted.length <= OPTION_BYTES) wanted.copy(this.#option, this.#optionLength)
    this.#optionLength += wanted.length
  }

  #lastElement(): Buffer | undefined {
    const whole = this.#optionLength > 0 && this.#optionLength <= OPTION_BYTES
    const option = whole ? this.#option?.subarray(0, this.#optionLength) : undefined
    this.#option = undefined
    this.#release()
    return option
  }

  #release(): void {
    this.#segments = undefined
    this.#reservation?.release()
    this.#reservation = undefined
  }

  /** Lets go of what is held of a value that will not be whole. */
  abandon(): void {
    this.#length = 0
    this.#scanned = undefined
    this.#option = undefined
    this.#release()
  }
}

export function tooLarge(largest: number): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `the message is over max_message (${largest} bytes)`)
}
