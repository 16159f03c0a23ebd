import type { Format } from '../formats/format.ts'
import { jsonLines } from '../formats/json-lines.ts'
import { ObjectBatch } from '../formats/object/batch.ts'
import { measureSealing, type SealingBatch } from '../telemetry/sealing.ts'
import type { RecordSealer, SealedBatch } from './seal-records.ts'

const FIRST_BYTES = 16 * 1024
/** A single long line must not keep its memory. */
const MOST_KEPT_BYTES = 1 << 20
/** 1 MiB of rows. */
const MOST_KEPT_ROWS = 1 << 18
/** UTF-8 has at most three bytes for a unit of UTF-16 (RFC 3629 section 3). */
const MOST_BYTES_PER_UNIT = 3
const NEWLINE = 0x0a

/** What came of a line that is a text in the program. */
export interface SealedLine {
  /** The very text that came in where nothing was edited. */
  readonly line: string
  /** Whether anything differs from what came in. */
  readonly edited: boolean
  /** Values acted on, by id of the rule. */
  readonly values: ReadonlyMap<string, number>
  /** Matches that rules in audit would have acted on, by id of the rule. */
  readonly audited: ReadonlyMap<string, number>
}

/**
 * Seals lines of JSON that are texts in the program, one after the other: each is written into memory that is used again,
 * and what walks over it is made once.
 */
export class LineSealer implements SealingBatch {
  readonly format = jsonLines.name
  readonly actions: SealingBatch['actions']
  bytes = 0
  readonly #sealer: RecordSealer
  #batch: ObjectBatch | undefined
  /** What is measured, without an object or function of its own for each line. */
  readonly #sealWritten = () => this.#sealBatch(jsonLines)

  /** @param actions - names of actions, by id of the rule. */
  constructor(sealer: RecordSealer, actions: SealingBatch['actions']) {
    this.#sealer = sealer
    this.actions = actions
  }

  /** @throws FieldsealError as `RecordSealer.seal` does. Nothing of the line may be passed on then. */
  seal(line: string): SealedLine {
    // What is told of the measurement may log in turn, and then write over what is here.
    const memory = this.#write(line)
    const { bytes, values, audited } = measureSealing(this, this.#sealWritten)
    const edited = bytes !== memory
    return { line: edited ? bytes.toString('utf8') : line, edited, values, audited }
  }

  /** @returns the memory that the line is in. */
  #write(line: string): Buffer {
    const room = line.length * MOST_BYTES_PER_UNIT + 1
    let batch = this.#batch
    if (
      batch === undefined ||
      batch.bytes.length < room ||
      batch.bytes.length > Math.max(MOST_KEPT_BYTES, room) ||
      batch.rows.length > MOST_KEPT_ROWS
    ) {
      batch = new ObjectBatch(Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, room)), this.#sealer.batchOptions())
      this.#batch = batch
    }
    this.bytes = batch.bytes.write(line, 0)
    // What is looked for next is found here, and not far behind in an earlier line.
    batch.bytes[this.bytes] = NEWLINE
    batch.begin(this.bytes)
    return batch.bytes
  }

  #sealBatch(format: Format): SealedBatch {
    try {
      return this.#sealer.sealBatch(this.#batch!, format)
    } catch (error) {
      // A walk that was given up half way must not go on with the next line, nor may a long line keep its memory.
      this.#batch = undefined
      throw error
    }
  }
}
