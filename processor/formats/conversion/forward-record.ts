import { TAG } from '../otlp-schema.ts'
import { NAME } from './forward-names.ts'
import type { ForwardPlaces } from './forward-places.ts'
import type { LossCount } from './losses.ts'
import type { MessagePackValues } from './message-pack-values.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { LIST_KEY } from './sealed-parts.ts'

const DROPPED = 0x38
const OF_RECORD: ReadonlySet<string> = new Set([
  NAME.TIMESTAMP,
  NAME.OBSERVED_TIMESTAMP,
  NAME.SEVERITY_NUMBER,
  NAME.SEVERITY_TEXT,
  NAME.ATTRIBUTES,
  NAME.TRACE_ID,
  NAME.SPAN_ID,
  NAME.TRACE_FLAGS,
  NAME.EVENT_NAME,
  NAME.DROPPED_ATTRIBUTES,
])

/** Restores records whose fields of OTLP stand in the metadata of their event, as fluent-bit has them. */
export class WholeRecords {
  readonly #values: MessagePackValues
  readonly #places: ForwardPlaces
  readonly #writer: ProtobufWriter
  readonly #losses: LossCount

  constructor(values: MessagePackValues, places: ForwardPlaces, writer: ProtobufWriter, losses: LossCount) {
    this.#values = values
    this.#places = places
    this.#writer = writer
    this.#losses = losses
  }

  /**
   * Writes the fields of a record.
   *
   * @param time - of the event; where the metadata has another one, that one counts.
   * @param now - the observed time of a record that has none.
   */
  write(time: bigint | undefined, metadata: number, record: number, now: bigint): void {
    const otlp = this.#places.of(metadata, OF_RECORD)
    const writer = this.#writer
    const values = this.#values
    const integer = (name: string) => {
      const at = otlp.get(name)
      return (at === undefined ? undefined : values.integerAt(at)) ?? 0n
    }
    writeTime(otlp.has(NAME.TIMESTAMP) ? BigInt.asUintN(64, integer(NAME.TIMESTAMP)) : time, writer, this.#losses)
    const severity = BigInt.asIntN(32, integer(NAME.SEVERITY_NUMBER))
    if (severity !== 0n) writer.int64(TAG.RECORD_SEVERITY_NUMBER, severity)
    this.#places.text(otlp, NAME.SEVERITY_TEXT, TAG.RECORD_SEVERITY_TEXT)
    const list = this.#body(record)
    this.#places.attributes(otlp, TAG.RECORD_ATTRIBUTES, list)
    this.#places.count(otlp, DROPPED)
    const flags = BigInt.asUintN(32, integer(NAME.TRACE_FLAGS))
    if (flags !== 0n) writer.fixed32(TAG.RECORD_FLAGS, Number(flags))
    this.#places.id(otlp, NAME.TRACE_ID, TAG.RECORD_TRACE_ID, 16)
    this.#places.id(otlp, NAME.SPAN_ID, TAG.RECORD_SPAN_ID, 8)
    const observed = BigInt.asUintN(64, integer(NAME.OBSERVED_TIMESTAMP))
    writer.fixed64(TAG.RECORD_OBSERVED_TIME, observed === 0n ? now : observed)
    this.#places.text(otlp, NAME.EVENT_NAME, TAG.RECORD_EVENT_NAME)
  }

  /**
   * The record is the body, or holds it under `log`; an empty one has none.
   *
   * @returns where the list of sealed parts starts: what seals Forward puts it into the record.
   */
  #body(record: number): number | undefined {
    const writer = this.#writer
    const values = this.#values
    const pairs: (readonly [key: Buffer, value: number])[] = []
    let list: number | undefined
    values.pairs(
      record,
      (key, value) => {
        if (list === undefined && key.equals(LIST_KEY) && values.isArray(value)) list = value
        else pairs.push([key, value])
        return values.skip(value)
      },
      this.#losses,
    )
    const [only] = pairs
    if (only !== undefined && pairs.length === 1 && only[0].toString('latin1') === NAME.LOG) {
      values.field(TAG.RECORD_BODY, only[1], 0)
    } else if (only !== undefined) {
      const body = writer.open(TAG.RECORD_BODY)
      const map = writer.open(TAG.ANY_MAP)
      for (const [key, value] of pairs) values.entry(TAG.VALUES, key, value, 1)
      writer.close(map)
      writer.close(body)
    }
    return list
  }
}

/** Writes the time of a record, where there is one. */
export function writeTime(time: bigint | undefined, writer: ProtobufWriter, losses: LossCount): void {
  if (time === undefined) losses.add('time_left_out')
  else if (time > 0n) writer.fixed64(TAG.RECORD_TIME, time)
}
