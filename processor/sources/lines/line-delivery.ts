import { FieldsealError } from '../../errors.ts'
import type { FormatName } from '../../formats/index.ts'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { isForGood, refused, type Settlement } from '../../pipeline/settlement.ts'
import type { Deliver, IncomingBatch, SourceContext, SourceCounts } from '../source.ts'
import { LINE_FORMATS } from './format-names.ts'
import { LeftOut } from './left-out.ts'
import { apart, blankLeadingNuls, middleOf } from './line-breaks.ts'
import { pause } from './pause.ts'
import { roomFor } from './room.ts'

/** Milliseconds before a batch is tried again, where nobody says how long. */
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

export interface LineDeliveryParts {
  readonly deliver: Deliver
  readonly format: FormatName
  readonly maxLine: number
  readonly connection: ConnectionBudget
  readonly leftOut: LeftOut
  /** Ends waiting and trying again; so does it that a sink has nobody left to write to. */
  readonly enough: AbortSignal
  /** Nobody waits for the outcome of what is under way. */
  readonly gone: AbortSignal
}

/** What every source of lines is told. */
interface LineSettings {
  readonly format: keyof typeof LINE_FORMATS
  readonly max_line: number
}

/**
 * Passes lines on until they are settled: accepted, or, where a line is refused for good, left out by itself. Lines come
 * from where they can be had again, or from a pipe that waits, so that nobody has to be told: it tries again.
 */
export class LineDelivery {
  readonly #parts: LineDeliveryParts
  #passed = 0

  constructor(parts: LineDeliveryParts) {
    this.#parts = parts
  }

  /** For a source, with lines left out that are counted and logged under its name. */
  static of(
    { format, max_line }: LineSettings,
    { name, log, deliver, budget, connectionBytes }: SourceContext,
    signals: Pick<LineDeliveryParts, 'enough' | 'gone'>,
  ): LineDelivery {
    return new LineDelivery({
      deliver,
      format: LINE_FORMATS[format],
      maxLine: max_line,
      connection: budget.connection(connectionBytes),
      leftOut: new LeftOut(name, log),
      ...signals,
    })
  }

  get leftOut(): LeftOut {
    return this.#parts.leftOut
  }

  /** For `/status`. */
  get counts(): SourceCounts {
    const { lines, bytes } = this.leftOut
    return { bytes: this.#passed, lines_left_out: lines, bytes_left_out: bytes }
  }

  /** Bytes that were accepted. */
  get passed(): number {
    return this.#passed
  }

  /**
   * @param lines - their memory stays the caller's.
   * @param offset - where they begin, in what they were read from.
   * @returns how many bytes are settled: fewer than all only where there was enough. In order, from the beginning.
   */
  async deliver(lines: Buffer, offset: number, file?: string): Promise<number> {
    const { maxLine, leftOut } = this.#parts
    let settled = 0
    for (const part of apart(lines, maxLine)) {
      const { length } = part.lines
      const place = { ...(file === undefined ? {} : { file }), offset: offset + settled }
      if (part.tooLong) {
        leftOut.add({ ...place, bytes: length }, tooLong())
        settled += length
        continue
      }
      const done = await this.#passOn(part.lines, (start, bytes, error) =>
        leftOut.add({ ...place, offset: place.offset + start, bytes }, error),
      )
      settled += done
      if (done < length) break
    }
    return settled
  }

  /**
   * Passes on the beginning of a line whose end has not come. Where it is refused, nothing is said of it: as a whole it
   * may be another.
   */
  async deliverUnfinished(line: Buffer): Promise<'accepted' | 'refused' | 'enough'> {
    const outcome = await this.#try(line, false)
    return typeof outcome === 'string' ? outcome : 'refused'
  }

  /** The first part is settled before the second is begun: what is settled is a beginning. */
  async #passOn(
    lines: Buffer,
    leaveOut: (start: number, bytes: number, error: FieldsealError) => void,
  ): Promise<number> {
    const parts: [number, number][] = [[0, lines.length]]
    let settled = 0
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const [start, end] = part
      const bytes = lines.subarray(start, end)
      const middle = middleOf(bytes)
      const outcome = await this.#try(bytes, middle !== undefined)
      if (outcome === 'enough') return settled
      if (outcome !== 'accepted' && middle !== undefined) {
        parts.push([start + middle, end], [start, start + middle])
        continue
      }
      if (outcome !== 'accepted') leaveOut(start, bytes.length, outcome)
      settled = end
    }
    return settled
  }

  /** Tries until the lines are accepted, or refused for good. */
  async #try(lines: Buffer, divisible: boolean): Promise<'accepted' | 'enough' | FieldsealError> {
    const { enough } = this.#parts
    for (let attempt = 0; ; attempt += 1) {
      const settlement = await this.#attempt(lines)
      if (settlement === undefined) return 'enough'
      if (settlement.outcome === 'accepted') {
        this.#passed += lines.length
        return 'accepted'
      }
      const { error, retryAfterMs } = settlement
      if (isForGood(error)) return error
      // The service stops.
      if (error.code === 'FIELDSEAL_OUTPUT_CLOSED') return 'enough'
      // What they become may never find room as long as they are together.
      if (error.code === 'FIELDSEAL_BUSY' && divisible && attempt > 0) return error
      const backoff = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS)
      if (!(await pause(Math.min(retryAfterMs ?? backoff, LONGEST_WAIT_MS), enough))) return 'enough'
    }
  }

  /** @returns undefined where there was enough before there was room. */
  async #attempt(lines: Buffer): Promise<Settlement | undefined> {
    const { connection, enough, format, gone } = this.#parts
    const reservation = await roomFor(lines.length, connection, enough)
    if (reservation === undefined) return undefined
    try {
      // The pipeline frees what it is given, or a sink still reads it; and the next attempt needs it as it was.
      const bytes = Buffer.allocUnsafeSlow(lines.length)
      bytes.set(lines)
      blankLeadingNuls(bytes)
      return await this.#settle({ bytes, format, reservation, signal: gone })
    } finally {
      reservation.release()
    }
  }

  async #settle(batch: IncomingBatch): Promise<Settlement> {
    try {
      return await this.#parts.deliver(batch)
    } catch {
      return refused(new FieldsealError('FIELDSEAL_INTERNAL', 'the batch was not settled'))
    }
  }
}

export function tooLong(): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'it is longer than max_line')
}
