import { FieldsealError } from '../../errors.ts'
import type { Log } from '../../telemetry/log.ts'
import { errnoOf } from './opened-file.ts'
import { type Positions, writePositions } from './position-file.ts'

/** Milliseconds between two writes: what was passed on in between comes again after a kill. A write syncs twice. */
const BETWEEN_MS = 200

/** Writes positions down as they change. Where that fails lines are passed on all the same: they may come twice. */
export class PositionKeeper {
  readonly #source: string
  readonly #path: string
  readonly #log: Log
  readonly #positions: () => Positions
  #timer: NodeJS.Timeout | undefined
  #writtenAt = Number.NEGATIVE_INFINITY
  #writing: Promise<void> = Promise.resolve()
  #failed = false
  #closed = false

  /** @param positions - what is to be written, whenever that is. */
  constructor(source: string, path: string, log: Log, positions: () => Positions) {
    this.#source = source
    this.#path = path
    this.#log = log
    this.#positions = positions
  }

  /** Whether the last write has failed. */
  get failed(): boolean {
    return this.#failed
  }

  changed(): void {
    if (this.#closed) return
    const due = this.#writtenAt + BETWEEN_MS - performance.now()
    this.#timer ??= setTimeout(() => void this.write(), Math.max(0, due)).unref()
  }

  /** Writes now. Never rejects. */
  write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    try {
      await writePositions(this.#path, this.#positions())
      this.#writtenAt = performance.now()
    } catch (error) {
      this.#writtenAt = performance.now()
      this.#tell(positionsFailed(this.#source, `cannot be written (${errnoOf(error)})`))
      this.changed()
      return
    }
    if (!this.#failed) return
    this.#failed = false
    this.#log('positions-recovered', 'the position file is written again', { source: this.#source })
  }

  #tell({ code, message, hint }: FieldsealError): void {
    if (this.#failed) return
    this.#failed = true
    this.#log('positions-failed', message, { source: this.#source, code, hint })
  }

  async close(): Promise<void> {
    await this.write()
    this.#closed = true
    clearTimeout(this.#timer)
  }
}

export function positionsFailed(source: string, what: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_POSITIONS_FAILED', `source ${source}: the position file ${what}`)
}
