import { FieldsealError } from '../errors.ts'
import type { WalkLimits } from '../formats/batch.ts'
import type { Format } from '../formats/format.ts'
import { ObjectBatch } from '../formats/object/batch.ts'
import { ObjectReader } from '../formats/object/reader.ts'
import type { Shape } from '../formats/object/shape.ts'
import { ObjectWriter } from '../formats/object/writer.ts'
import { measureSealing, type SealingBatch } from '../telemetry/sealing.ts'
import type { RecordSealer, SealedBatch } from './seal-records.ts'

/** A single large record must not keep its memory: 1 MiB of rows. */
const MOST_KEPT_ROWS = 1 << 18
/** A getter that logs needs a second writer while the first is in use; one in a hundred of them is no reason to keep all. */
const MOST_KEPT = 4

/** What came of a record that is a value in the program. */
export interface SealedObject<Output> {
  readonly record: Output
  /** Whether anything differs from what came in. */
  readonly edited: boolean
  /** Values acted on, by id of the rule. */
  readonly values: ReadonlyMap<string, number>
  /** Matches that rules in audit would have acted on, by id of the rule. */
  readonly audited: ReadonlyMap<string, number>
}

/** Seals records that are values in the program: they are written as MessagePack, sealed as such, and read back. */
export class ObjectSealer {
  readonly #sealer: RecordSealer
  readonly #limits: WalkLimits
  readonly #actions: SealingBatch['actions']
  readonly #free: Desk[] = []

  /** @param actions - names of actions, by id of the rule. */
  constructor(sealer: RecordSealer, limits: WalkLimits, actions: SealingBatch['actions']) {
    this.#sealer = sealer
    this.#limits = limits
    this.#actions = actions
  }

  /** @throws FieldsealError as `RecordSealer.seal` does. Nothing of the record may be passed on then. */
  seal<Input, Output>(shape: Shape<Input, Output>, input: Input): SealedObject<Output> {
    // What a record says while it is read may log in turn: that takes another desk.
    const desk = this.#free.pop() ?? new Desk(this.#sealer, this.#limits, this.#actions)
    try {
      return desk.seal(shape, input)
    } finally {
      if (this.#free.length < MOST_KEPT) this.#free.push(desk)
    }
  }
}

/** Memory and what works on it, for one record at a time. */
class Desk implements SealingBatch {
  readonly actions: SealingBatch['actions']
  format = ''
  readonly #sealer: RecordSealer
  readonly #limits: WalkLimits
  readonly #writer = new ObjectWriter()
  /** By format. */
  readonly #batches = new Map<string, ObjectBatch>()

  constructor(sealer: RecordSealer, limits: WalkLimits, actions: SealingBatch['actions']) {
    this.#sealer = sealer
    this.#limits = limits
    this.actions = actions
  }

  /** Of the record. */
  get bytes(): number {
    return this.#writer.output.at
  }

  seal<Input, Output>(shape: Shape<Input, Output>, input: Input): SealedObject<Output> {
    this.format = shape.format.name
    let read: Output
    let edited = false
    const { values, audited } = measureSealing(this, () => {
      const written = writeRecord(this.#writer, this.#limits, shape, input)
      const batch = this.#batch(shape.format.name)
      const sealed = this.#sealBatch(batch, shape.format)
      edited = sealed.bytes !== batch.bytes
      read = edited ? shape.read(new ObjectReader(sealed.bytes, this.#writer.symbols), written) : written
      return sealed
    })
    return { record: read!, edited, values, audited }
  }

  #sealBatch(batch: ObjectBatch, format: Format): SealedBatch {
    try {
      return this.#sealer.sealBatch(batch, format)
    } catch (error) {
      // A walk that was given up half way must not go on with the next record.
      this.#batches.delete(format.name)
      throw error
    }
  }

  #batch(format: string): ObjectBatch {
    const { bytes, at } = this.#writer.output
    let batch = this.#batches.get(format)
    if (batch === undefined || batch.bytes !== bytes || batch.rows.length > MOST_KEPT_ROWS) {
      batch = new ObjectBatch(bytes, this.#sealer.batchOptions())
      this.#batches.set(format, batch)
    }
    batch.begin(at)
    return batch
  }
}

/**
 * Writes a record into the writer's memory.
 *
 * @returns what was read of it.
 * @throws FieldsealError; what else is thrown on the way says nothing that anybody may see.
 */
export function writeRecord<Input, Output>(
  writer: ObjectWriter,
  limits: WalkLimits,
  { write }: Shape<Input, Output>,
  input: Input,
): Output {
  try {
    writer.begin(limits)
    const written = write(writer, input)
    writer.output.end()
    return written
  } catch (error) {
    if (error instanceof FieldsealError) throw error
    throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'the record could not be read', { record: 0 })
  }
}
