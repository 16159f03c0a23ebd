import { isUtf8 } from 'node:buffer'
import { FieldsealError } from '../errors.ts'
import { HeaderReader, TYPE } from '../formats/message-pack/header.ts'
import type { ScanLimits } from './value-scanner.ts'

/** A value of a message that is not a record's. A text that is no UTF-8 stays bytes. */
export type SmallValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | SmallExtension
  | readonly SmallValue[]
  | SmallMap

export interface SmallExtension {
  readonly extension: number
  readonly bytes: Uint8Array
}

/** Without a prototype, so that nothing is there that did not come. */
export interface SmallMap {
  readonly [key: string]: SmallValue
}

/** What handshakes, options and acknowledgements stay far below. */
export const SMALL_LIMITS: ScanLimits = { depth: 8, elements: 256, bytes: 4096 }

/**
 * Decodes one small value, with a copy of its bytes. Integers that a double does not hold are bigints; of a map, keys
 * that are no text are left out, and of equal keys the last counts.
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, `FIELDSEAL_INPUT_TOO_DEEP` or `FIELDSEAL_INPUT_TOO_LARGE`.
 */
export function decodeSmall(bytes: Uint8Array, limits: ScanLimits = SMALL_LIMITS): SmallValue {
  if (bytes.length > limits.bytes)
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `a message is over ${limits.bytes} bytes`)
  const decoder = new Decoder(bytes, limits)
  const value = decoder.next(limits.depth)
  if (decoder.at < bytes.length)
    throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'something follows the value of a message')
  return value
}

class Decoder {
  readonly #reader: HeaderReader
  readonly #limits: ScanLimits
  #elements = 0
  at = 0

  constructor(bytes: Uint8Array, limits: ScanLimits) {
    this.#reader = new HeaderReader(bytes)
    this.#limits = limits
  }

  next(depth: number): SmallValue {
    this.#elements += 1
    if (this.#elements > this.#limits.elements)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `a message has more than ${this.#limits.elements} values`)
    const reader = this.#reader
    const at = this.at
    this.at = reader.read(at)
    switch (reader.type) {
      case TYPE.NIL:
        return null
      case TYPE.BOOLEAN:
        return reader.bytes[at] === 0xc3
      case TYPE.UNSIGNED:
      case TYPE.SIGNED:
        return numberOf(reader.integer())
      case TYPE.FLOAT32:
      case TYPE.FLOAT64:
        return reader.float()
      case TYPE.STRING:
        return textOf(this.#content())
      case TYPE.BINARY:
        return this.#content()
      case TYPE.EXTENSION:
        return { extension: reader.extensionType, bytes: this.#content() }
      case TYPE.ARRAY:
        return this.#array(reader.length, this.#deeper(depth))
      default:
        return this.#map(reader.length, this.#deeper(depth))
    }
  }

  #content(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#reader.bytes, this.#reader.content, this.at)
  }

  #deeper(depth: number): number {
    if (depth > 0) return depth - 1
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `a message is nested deeper than ${this.#limits.depth}`)
  }

  #array(length: number, depth: number): SmallValue[] {
    const elements: SmallValue[] = []
    for (let i = 0; i < length; i += 1) elements.push(this.next(depth))
    return elements
  }

  #map(length: number, depth: number): SmallMap {
    const map: Record<string, SmallValue> = Object.create(null)
    for (let i = 0; i < length; i += 1) {
      const key = this.next(depth)
      const value = this.next(depth)
      const name = key instanceof Uint8Array ? textOf(key) : key
      if (typeof name === 'string') map[name] = value
    }
    return map
  }
}

function numberOf(integer: bigint): number | bigint {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : integer
}

function textOf(bytes: Uint8Array): string | Uint8Array {
  return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString() : bytes
}

export function isSmallMap(value: SmallValue | undefined): value is SmallMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null
}

/** The bytes of a text or of bytes, whichever a peer sends: a salt comes as either. */
export function bytesOf(value: SmallValue | undefined): Buffer | undefined {
  if (typeof value === 'string') return Buffer.from(value)
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : undefined
}
