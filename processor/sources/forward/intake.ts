import { FieldsealError } from '../../errors.ts'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { Bundle } from './bundle.ts'
import type { Deliveries } from './deliveries.ts'
import type { Framed, Oversized } from './framing.ts'
import { tooLarge } from './framing.ts'
import { type Message, readMessage } from './message.ts'
import { readOptions } from './options.ts'
import { Single } from './single.ts'
import { Settled } from './unit.ts'

export interface IntakeLimits {
  readonly message: number
  readonly inflated: number
}

/** Makes units of messages. */
export class Intake {
  readonly #deliveries: Deliveries
  readonly #budget: ConnectionBudget
  readonly #limits: IntakeLimits

  /** Whether the message for which there was no room last wants an acknowledgement: its client has it still. */
  keptByClient = false

  constructor(deliveries: Deliveries, budget: ConnectionBudget, limits: IntakeLimits) {
    this.#deliveries = deliveries
    this.#budget = budget
    this.#limits = limits
  }

  /**
   * @returns false where there is no room: to be called again with the same.
   * @throws FieldsealError where it is no message of Forward at all.
   */
  take(value: Framed | Oversized): boolean {
    if ('oversized' in value) {
      this.#settle(chunkOf(value.oversized), tooLarge(Math.min(this.#limits.message, this.#budget.largest)))
      return true
    }
    if (value.elements < 2 || value.elements > 4) {
      value.reservation?.release()
      throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'what came is no message of Fluent Forward')
    }
    const message = readMessage(value.bytes, value.starts)
    this.keptByClient = ('error' in message ? message.chunk : message.options.chunk) !== undefined
    if ('error' in message) this.#settle(message.chunk, message.error)
    else if (message.options.signal !== 0) this.#settle(message.options.chunk, 'nothing')
    else if (message.plain && value.reservation === undefined) return this.#bundle(message)
    else return this.#single(message, value)
    value.reservation?.release()
    return true
  }

  #settle(chunk: Buffer | undefined, outcome: 'nothing' | FieldsealError): void {
    this.#deliveries.add(new Settled(chunk, outcome))
  }

  #bundle(message: Message): boolean {
    const { last } = this.#deliveries
    if (last instanceof Bundle && last.takes(message)) return last.add(message)
    const bundle = new Bundle(message, this.#budget)
    if (!bundle.add(message)) return false
    this.#deliveries.add(bundle)
    return true
  }

  #single(message: Message, { bytes, reservation }: Framed): boolean {
    if (reservation !== undefined) {
      this.#add(message, reservation)
      return true
    }
    const own = this.#budget.reservation()
    if (own.grow(bytes.length) !== undefined) return false
    const copy = Buffer.allocUnsafeSlow(bytes.length)
    copy.set(bytes)
    this.#add({ ...message, bytes: copy }, own)
    return true
  }

  #add(message: Message, reservation: NonNullable<Framed['reservation']>): void {
    this.#deliveries.add(new Single(message, reservation, this.#budget, this.#limits.inflated))
  }
}

/** The chunk in what may be the option of a message that was not kept. */
function chunkOf(option: Buffer | undefined): Buffer | undefined {
  if (option === undefined) return undefined
  return readOptions(option, 0).chunk
}
