import { NAME } from './forward-names.ts'
import type { LossCount } from './losses.ts'
import type { MessagePackValues } from './message-pack-values.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { LIST_KEY } from './sealed-parts.ts'

/** Where values start, by their names. */
export type Places = ReadonlyMap<string, number>

/** Finds values in maps by their names, and writes them as fields of OTLP where they are what they should be. */
export class ForwardPlaces {
  readonly #values: MessagePackValues
  readonly #writer: ProtobufWriter
  readonly #losses: LossCount

  constructor(values: MessagePackValues, writer: ProtobufWriter, losses: LossCount) {
    this.#values = values
    this.#writer = writer
    this.#losses = losses
  }

  /** @param known - names that will be asked for; what else is there is counted. */
  of(at: number, known?: ReadonlySet<string>): Places {
    const values = this.#values
    const places = new Map<string, number>()
    values.pairs(at, (key, value) => {
      const name = key.toString('latin1')
      places.set(name, value)
      if (known !== undefined && !known.has(name)) this.#losses.add('forward_fields_left_out')
      return values.skip(value)
    })
    return places
  }

  /** Where the map of a name starts. */
  map(places: Places | undefined, name: string): number | undefined {
    const at = places?.get(name)
    return at !== undefined && this.#values.isMap(at) ? at : undefined
  }

  /** @param list - the record's own list of sealed parts: there is one only, so that both become one. */
  attributes(places: Places, tag: number, list?: number): void {
    const values = this.#values
    const lists = list === undefined ? [] : [list]
    const at = this.map(places, NAME.ATTRIBUTES)
    if (at !== undefined) {
      values.pairs(
        at,
        (key, value) => {
          if (list === undefined || !key.equals(LIST_KEY) || !values.isArray(value))
            return values.entry(tag, key, value, 0)
          lists.push(value)
          return values.skip(value)
        },
        this.#losses,
      )
    }
    if (lists.length > 0) values.listEntry(tag, LIST_KEY, lists)
  }

  /** Writes a count. */
  count(places: Places, tag: number): void {
    const at = places.get(NAME.DROPPED_ATTRIBUTES)
    const count = at === undefined ? 0n : (this.#values.integerAt(at) ?? 0n)
    if (count > 0n && count < 2n ** 32n) this.#writer.varint(tag, Number(count))
  }

  text(places: Places, name: string, tag: number): void {
    const at = places.get(name)
    const text = at === undefined ? undefined : this.#values.textAt(at)
    if (text !== undefined && text.length > 0) this.#writer.text(tag, text)
  }

  /** Of bytes, or in hexadecimal. */
  id(places: Places, name: string, tag: number, length: number): void {
    const at = places.get(name)
    const text = at === undefined ? undefined : this.#values.textAt(at)
    if (text === undefined || text.length === 0) return
    const bytes = text.length === length * 2 ? Buffer.from(text.toString('latin1'), 'hex') : text
    if (bytes.length === length) this.#writer.bytes(tag, bytes)
    else this.#losses.add('id_left_out')
  }
}
