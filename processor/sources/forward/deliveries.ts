import { setTimeout as wait } from 'node:timers/promises'
import { FieldsealError } from '../../errors.ts'
import type { FormatName } from '../../formats/index.ts'
import { isForGood, type Refused, refused, type Settlement } from '../../pipeline/settlement.ts'
import type { Deliver } from '../source.ts'
import type { Tally } from './tally.ts'
import type { Unit } from './unit.ts'

const FORMAT: FormatName = 'forward'

/** Milliseconds before a unit is tried again, where nobody says how long. */
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

export interface DeliveriesParts {
  readonly deliver: Deliver
  readonly tally: Tally
  /** Milliseconds for which a unit that nobody else has is tried again. */
  readonly hold: number
  /** Whether what can never be accepted is acknowledged all the same. */
  readonly acknowledgeRejected: boolean
  /** The client is gone: what it can send again need not be passed on. */
  readonly clientGone: AbortSignal
  /** The source ends. */
  readonly ended: AbortSignal
  readonly acknowledge: (chunks: readonly Buffer[]) => void
  /** A message is not acknowledged: the connection is to be closed, so that its client knows. */
  readonly withhold: () => void
  /** A unit is settled. */
  readonly settled: () => void
}

/**
 * Passes the units of one connection on, one after the other, so that their order is kept. What has a chunk is tried
 * once, since its client sends it again; what has none is tried until its time is over, since nobody else has it.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts
  readonly #queue: Unit[] = []
  #running = false
  #withheld = false

  constructor(parts: DeliveriesParts) {
    this.#parts = parts
  }

  /** Whether a unit is being passed on, or waits. */
  get busy(): boolean {
    return this.#running || this.#queue.length > 0
  }

  /** Bytes of the units that wait. */
  get waitingBytes(): number {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** The unit to which may still be added. */
  get last(): Unit | undefined {
    return this.#queue.at(-1)
  }

  add(unit: Unit): void {
    this.#queue.push(unit)
  }

  /** Goes on with what waits. */
  run(): void {
    if (!this.#running && this.#queue.length > 0) void this.#run()
  }

  /** Lets go of what waits. What is being passed on goes on. */
  abandon(): void {
    for (const unit of this.#queue.splice(0)) {
      if (unit.chunks.length === 0) this.#parts.tally.lost(unit.messages, stopped())
      unit.release()
    }
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let unit = this.#queue.shift(); unit !== undefined; unit = this.#queue.shift()) {
      await this.#settle(unit)
      unit.release()
      if (this.#queue.length > 0) this.#parts.settled()
    }
    this.#running = false
    this.#parts.settled()
  }

  /** Settles a unit: by halves where one of its messages is wrong, so that the others are passed on. */
  async #settle(unit: Unit): Promise<void> {
    const { tally } = this.#parts
    const outcome = await this.#outcome(unit)
    if (outcome === 'accepted') {
      this.#parts.acknowledge(unit.chunks)
      return
    }
    const forGood = isForGood(outcome)
    const halves = forGood ? unit.halves() : undefined
    if (halves !== undefined) {
      for (const half of halves) await this.#settle(half)
      return
    }
    if (unit.chunks.length === 0) {
      if (forGood) tally.rejected(outcome)
      else tally.lost(unit.messages, outcome)
    } else if (forGood && this.#parts.acknowledgeRejected) {
      tally.rejected(outcome)
      this.#parts.acknowledge(unit.chunks)
    } else {
      if (!this.#withheld) tally.refused(unit.messages, outcome)
      this.#withheld = true
      this.#parts.withhold()
    }
  }

  async #outcome(unit: Unit): Promise<'accepted' | FieldsealError> {
    const { hold, ended, clientGone, tally } = this.#parts
    const hasChunks = unit.chunks.length > 0
    // Its client knows already that it is to send it again, or is not there to be told anything.
    if (hasChunks && (this.#withheld || clientGone.aborted)) {
      this.#withheld = true
      return new FieldsealError('FIELDSEAL_BUSY', 'a message before it was not accepted')
    }
    const until = performance.now() + hold
    for (let attempt = 0; ; attempt += 1) {
      const settlement = await this.#attempt(unit, hasChunks ? clientGone : ended)
      if (settlement === 'nothing') {
        tally.otherSignal()
        return 'accepted'
      }
      if (settlement.outcome === 'accepted') {
        tally.accepted(unit.messages)
        return 'accepted'
      }
      const { error, retryAfterMs } = settlement
      if (hasChunks || isForGood(error)) return error
      const backoff = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS)
      const milliseconds = Math.min(retryAfterMs ?? backoff, LONGEST_WAIT_MS)
      if (performance.now() + milliseconds > until) return error
      if (!(await pause(milliseconds, ended))) return stopped()
    }
  }

  async #attempt(unit: Unit, signal: AbortSignal): Promise<Settlement | 'nothing'> {
    const prepared = await unit.prepare()
    if (prepared === 'nothing') return prepared
    if ('code' in prepared) return refused(prepared)
    const { bytes, reservation } = prepared
    try {
      return await this.#parts.deliver({ bytes, format: FORMAT, reservation, signal })
    } catch {
      return internal()
    } finally {
      reservation.release()
    }
  }
}

function stopped(): FieldsealError {
  return new FieldsealError('FIELDSEAL_DRAINING', 'the service has stopped')
}

function internal(): Refused {
  return refused(new FieldsealError('FIELDSEAL_INTERNAL', 'the message was not settled'))
}

/** Waits, or until the signal. @returns whether the time is over. */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return wait(milliseconds, true, { signal, ref: false }).catch(() => false)
}
