import { FieldsealError } from '../../errors.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import type { OutgoingBatch } from '../sink.ts'
import { type LineOptions, linesOf } from './lines.ts'

/** Bytes of lines that are made before their turn comes, while the disk is at work. Beyond it batches wait as they are. */
const MOST_MADE = 16 * 1024 * 1024
/** What one write takes: with a line break each, the parts stay below IOV_MAX (1024), and are written by one call. */
const MOST_LINES = 500
const MOST_BYTES = 8 * 1024 * 1024

/** The lines of a batch whose turn has come. */
export interface Line {
  readonly bytes: Buffer
  settle(settlement: Settlement): void
}

interface Waiting {
  readonly batch: OutgoingBatch
  line: Buffer | undefined
  readonly settle: (settlement: Settlement) => void
}

/** Batches that wait for the write before them. Its bounds are those on memory for all batches under way. */
export class WaitingLines {
  readonly #options: LineOptions
  #waiting: Waiting[] = []
  #made = 0
  #sending = 0

  constructor(options: LineOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Batches that are not settled. */
  get sending(): number {
    return this.#sending
  }

  /** Resolves once the batch is settled. */
  send(batch: OutgoingBatch): Promise<Settlement> {
    this.#sending += 1
    return new Promise((resolve) => {
      this.add(batch, (settlement) => {
        this.#sending -= 1
        resolve(settlement)
      })
    })
  }

  add(batch: OutgoingBatch, settle: (settlement: Settlement) => void): void {
    const waiting: Waiting = { batch, line: undefined, settle }
    if (this.#made >= MOST_MADE || this.#make(waiting)) this.#waiting.push(waiting)
  }

  /** The lines of one write, at least one unless all that waited were settled. */
  take(): Line[] {
    const lines: Line[] = []
    let bytes = 0
    let taken = 0
    for (const waiting of this.#waiting) {
      if (lines.length >= MOST_LINES || bytes >= MOST_BYTES) break
      taken += 1
      const { batch, settle } = waiting
      if (batch.signal.aborted) {
        this.#made -= waiting.line?.length ?? 0
        settle(refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'nobody waits for the batch any more')))
        continue
      }
      if (waiting.line === undefined && !this.#make(waiting)) continue
      const line = waiting.line as unknown as Buffer
      bytes += line.length
      lines.push({
        bytes: line,
        settle: (settlement) => {
          this.#made -= line.length
          settle(settlement)
        },
      })
    }
    this.#waiting = this.#waiting.slice(taken)
    return lines
  }

  /** @returns whether there is a line; where there cannot be one, the batch is settled. */
  #make(waiting: Waiting): boolean {
    try {
      waiting.line = linesOf(waiting.batch, this.#options)
    } catch (error) {
      const known = error instanceof FieldsealError
      waiting.settle(refused(known ? error : new FieldsealError('FIELDSEAL_INTERNAL', 'the batch has no JSON form')))
      return false
    }
    if (waiting.line.length === 0) {
      waiting.settle(accepted())
      return false
    }
    this.#made += waiting.line.length
    return true
  }
}
