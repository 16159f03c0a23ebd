import type { FieldsealError } from '../../errors.ts'
import { binaryHeader, string } from '../../formats/message-pack/write.ts'
import type { ConnectionBudget, Reservation } from '../../pipeline/byte-budget.ts'
import type { Message } from './message.ts'
import { type Prepared, reserve, type Unit } from './unit.ts'

/** What is passed on together. The pipeline takes some 30 us for a batch, and less for a small record. */
const MOST_MESSAGES = 1024
const MOST_BYTES = 256 * 1024

const FIRST_BYTES = 4096

/** What is kept of a message beside its bytes: offsets and its chunk, about. */
const OVERHEAD = 256

/** An entry of PackedForward is an array of time and record. */
const ENTRY = 0x92

/**
 * Plain events of one tag that came behind each other. Those that libraries send hold one record each; together they are
 * one message in PackedForward mode, and each is acknowledged by itself.
 */
export class Bundle implements Unit {
  readonly #tag: Buffer
  readonly #budget: ConnectionBudget
  readonly #reservation: Reservation
  readonly #wantsAcks: boolean
  readonly #chunks: Buffer[] = []
  #content = Buffer.alloc(0)
  #length = 0
  /** Of each message: where it begins, where time and record begin and end. */
  readonly #begins: number[] = []
  readonly #seconds: number[] = []
  readonly #ends: number[] = []

  constructor(message: Message, budget: ConnectionBudget) {
    this.#tag = Buffer.from(message.tag)
    this.#wantsAcks = message.options.chunk !== undefined
    this.#budget = budget
    this.#reservation = budget.reservation()
  }

  get messages(): number {
    return this.#begins.length
  }

  get bytes(): number {
    return this.#reservation.bytes
  }

  get chunks(): readonly Buffer[] {
    return this.#chunks
  }

  /** Whether the message may go together with those that are there. */
  takes({ bytes, tag, options }: Message): boolean {
    return (
      this.messages < MOST_MESSAGES &&
      this.#length + bytes.length <= MOST_BYTES &&
      (options.chunk !== undefined) === this.#wantsAcks &&
      this.#tag.equals(tag)
    )
  }

  /** @returns false where there is no room for it; nothing has changed then. */
  add({ bytes, second, optionStart, options: { chunk } }: Message): boolean {
    if (!this.#grow(this.#length + bytes.length)) return false
    const begin = this.#length
    this.#content.set(bytes, begin)
    this.#length += bytes.length
    this.#begins.push(begin)
    this.#seconds.push(begin + second)
    this.#ends.push(begin + optionStart)
    if (chunk !== undefined) this.#chunks.push(chunk)
    return true
  }

  #grow(length: number): boolean {
    const before = this.#content.length
    const size = length <= before ? before : Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(length)))
    if (this.#reservation.grow(size - before + OVERHEAD) !== undefined) return false
    if (size > before) {
      const content = Buffer.allocUnsafeSlow(size)
      content.set(this.#content.subarray(0, this.#length))
      this.#content = content
    }
    return true
  }

  prepare(): Promise<Prepared | FieldsealError> {
    return this.prepareRange(0, this.messages)
  }

  /** Those from one to another as one message; a single one as it came. */
  async prepareRange(from: number, to: number): Promise<Prepared | FieldsealError> {
    const alone = to - from === 1
    const entries = alone ? 0 : this.#entriesLength(from, to)
    const head = alone
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from([0x92]), string(this.#tag), binaryHeader(entries)])
    const [begin, end] = [this.#begins[from] as number, this.#begins[from + 1] ?? this.#length]
    const size = alone ? end - begin : head.length + entries
    const reservation = reserve(this.#budget, size)
    if ('code' in reservation) return reservation
    const bytes = Buffer.allocUnsafeSlow(size)
    if (alone) this.#content.copy(bytes, 0, begin, end)
    else this.#writeEntries(bytes, head, from, to)
    return { bytes, reservation }
  }

  #entriesLength(from: number, to: number): number {
    let length = 0
    for (let message = from; message < to; message += 1)
      length += 1 + (this.#ends[message] as number) - (this.#seconds[message] as number)
    return length
  }

  #writeEntries(bytes: Buffer, head: Buffer, from: number, to: number): void {
    bytes.set(head)
    let at = head.length
    for (let message = from; message < to; message += 1) {
      bytes[at] = ENTRY
      at += 1 + this.#content.copy(bytes, at + 1, this.#seconds[message] as number, this.#ends[message] as number)
    }
  }

  halves(): readonly Unit[] | undefined {
    return halvesOf(this, 0, this.messages)
  }

  release(): void {
    this.#reservation.release()
  }
}

/** Some of a bundle. */
class Range implements Unit {
  readonly #bundle: Bundle
  readonly #from: number
  readonly #to: number
  readonly bytes = 0

  constructor(bundle: Bundle, from: number, to: number) {
    this.#bundle = bundle
    this.#from = from
    this.#to = to
  }

  get messages(): number {
    return this.#to - this.#from
  }

  get chunks(): readonly Buffer[] {
    return this.#bundle.chunks.slice(this.#from, this.#to)
  }

  prepare(): Promise<Prepared | FieldsealError> {
    return this.#bundle.prepareRange(this.#from, this.#to)
  }

  halves(): readonly Unit[] | undefined {
    return halvesOf(this.#bundle, this.#from, this.#to)
  }

  release(): void {}
}

function halvesOf(bundle: Bundle, from: number, to: number): readonly Unit[] | undefined {
  if (to - from < 2) return undefined
  const middle = from + Math.floor((to - from) / 2)
  return [new Range(bundle, from, middle), new Range(bundle, middle, to)]
}
