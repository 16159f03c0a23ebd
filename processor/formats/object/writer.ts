import { types } from 'node:util'
import { FieldsealError } from '../../errors.ts'
import type { WalkLimits } from '../batch.ts'
import * as intrinsics from './intrinsics.ts'
import { makeError, makeOfElements, makePattern, makeUrl, put } from './made.ts'
import { ERRORS_OF_LANGUAGE, MARK, NATIVE, TYPED_ARRAYS } from './native.ts'
import { ObjectOutput, tooLarge } from './output.ts'

/** What stands for a value that would contain itself, and for one that could not be read. */
export const CIRCULAR = '[circular]'
export const UNREADABLE = '[unreadable]'

/** Keys and elements of one record: each takes memory beside its bytes. */
const MOST_ENTRIES = 1 << 20
/** Larger ones nobody logs, and to make their digits takes time with more than their length. */
const LARGEST_BIGINT = 2n ** 4096n

const NO_MARK = -1

/**
 * Goes once over a JavaScript value, and writes it as MessagePack.
 *
 * Every property is read once. What is written is also what is given back: whatever a getter, a proxy or `toJSON` would
 * say the next time, nobody asks it. What the value's own code throws becomes a mark in its place.
 */
export class ObjectWriter {
  readonly output = new ObjectOutput()
  /** Symbols of the record, by their numbers. */
  readonly symbols: symbol[] = []
  /** Containers around the value that is being written. */
  readonly #around: object[] = []
  #depthLimit = 0
  #entries = 0

  begin({ record, depth }: WalkLimits): void {
    this.output.begin(record)
    if (this.symbols.length > 0) this.symbols.length = 0
    if (this.#around.length > 0) this.#around.length = 0
    this.#depthLimit = depth
    this.#entries = 0
  }

  /**
   * Writes the map that is a record.
   *
   * @returns what was read of it.
   * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where it is no object.
   */
  record(record: unknown): Record<string, unknown> {
    const toJson = toJsonOf(record)
    const value = typeof toJson === 'function' && !isError(record) ? called(toJson, record, '') : record
    if (typeof value !== 'object' || value === null)
      throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'a record is an object', { record: 0 })
    this.#around.push(value)
    const read = isError(value)
      ? Object.fromEntries(this.#fields(value, NO_MARK, 0))
      : this.#properties(value, toJson, NO_MARK, 0)
    this.#around.pop()
    return read
  }

  /** Writes the properties of an object as a map that has no type of its own; of what is no object an empty one. */
  properties(value: unknown): Record<string, unknown> {
    const source = typeof value === 'object' && value !== null ? value : {}
    this.#around.push(source)
    const read = this.#properties(source, toJsonOf(source), NO_MARK, 0)
    this.#around.pop()
    return read
  }

  /**
   * Writes a value with everything in it.
   *
   * @returns what was read.
   * @throws FieldsealError `FIELDSEAL_INPUT_TOO_DEEP`, `FIELDSEAL_INPUT_TOO_LARGE`
   */
  value(value: unknown, key: string | number, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        this.output.text(value)
        return value
      case 'number':
        this.output.number(value)
        return value
      case 'boolean':
        this.output.byte(value ? 0xc3 : 0xc2)
        return value
      case 'object':
        if (value !== null) return this.#object(value, key, depth)
        this.output.byte(0xc0)
        return null
      case 'bigint':
        return this.#bigint(value)
      case 'symbol':
        this.output.symbol(this.symbols.push(value) - 1, value.description ?? '')
        return value
      default:
        // Of a function nothing is passed on: it may carry whatever it likes, and `toJSON` as well.
        this.output.undefined()
        return undefined
    }
  }

  #object(value: object, key: string | number, depth: number): unknown {
    const around = this.#around
    for (let i = 0; i < around.length; i += 1) if (around[i] === value) return this.#text(CIRCULAR)
    let toJson: unknown
    let prototype: unknown
    let isArray: boolean
    try {
      prototype = Object.getPrototypeOf(value)
      isArray = Array.isArray(value)
      toJson = (value as { toJSON?: unknown }).toJSON
    } catch {
      return this.#text(UNREADABLE)
    }
    if (typeof toJson === 'function' && !intrinsics.isOwnToJson(toJson) && !isError(value)) {
      const result = called(toJson, value, key)
      if (typeof result !== 'object' || result === null) return this.value(result, key, depth)
      return this.#within(value, () => this.#byType(result, read(result, 'toJSON'), depth))
    }
    if (prototype === Object.prototype) return this.#map(value, toJson, NO_MARK, depth)
    if (isArray) return this.#array(value as unknown[], depth)
    return this.#byType(value, toJson, depth)
  }

  #within<T>(value: object, write: () => T): T {
    this.#around.push(value)
    const read = write()
    this.#around.pop()
    return read
  }

  /** What is no plain object, or is not known to be one. */
  #byType(value: object, toJson: unknown, depth: number): unknown {
    if (types.isProxy(value)) {
      return isArray(value) ? this.#array(value, depth) : this.#map(value, toJson, NO_MARK, depth)
    }
    if (Array.isArray(value)) return this.#array(value, depth)
    if (isError(value)) return this.#error(value, depth)
    if (types.isDate(value)) return this.#date(value)
    if (types.isMap(value)) return this.#mapOfAny(value, depth)
    if (types.isSet(value)) return this.#set(value, depth)
    if (types.isTypedArray(value)) return types.isUint8Array(value) ? this.#bytes(value) : this.#numbers(value, depth)
    if (types.isRegExp(value)) return this.#pattern(value)
    if (types.isBoxedPrimitive(value)) return this.value(intrinsics.unboxed(value), '', depth)
    const prototype = Object.getPrototypeOf(value)
    const url = prototype === URL.prototype ? intrinsics.urlOf(value) : undefined
    if (url !== undefined) return this.#native(NATIVE.URL, url, makeUrl(url))
    return this.#map(value, toJson, prototype === null ? MARK.NULL_PROTOTYPE : NO_MARK, depth)
  }

  #text(text: string): string {
    this.output.text(text)
    return text
  }

  #native<T>(type: number, text: string, value: T): T {
    this.output.native(type, text)
    return value
  }

  #bigint(value: bigint): bigint {
    if (value > LARGEST_BIGINT || value < -LARGEST_BIGINT) throw tooLarge()
    return this.#native(NATIVE.BIGINT, String(value), value)
  }

  #date(value: object): Date {
    const text = intrinsics.dateText(value)
    return this.#native(NATIVE.DATE, text, new Date(text))
  }

  #pattern(value: object): RegExp | string {
    const text = `/${intrinsics.sourceOf(value)}/${read(value, 'flags')}`
    const pattern = makePattern(text)
    return typeof pattern === 'string' ? this.#text(text) : this.#native(NATIVE.REGEXP, text, pattern)
  }

  #bytes(value: Uint8Array): Uint8Array {
    const length = intrinsics.lengthOf(value)
    this.output.checkSize(length)
    const isBuffer = Object.getPrototypeOf(value) === Buffer.prototype
    const copy = isBuffer ? Buffer.allocUnsafeSlow(length) : new Uint8Array(length)
    copy.set(value)
    if (isBuffer) this.output.binary(copy)
    else this.output.uint8Array(copy)
    return copy
  }

  #open(value: object, count: number, depth: number): void {
    if (depth >= this.#depthLimit) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
        record: 0,
      })
    }
    this.#count(count)
    this.#around.push(value)
  }

  #count(count: number): void {
    this.#entries += count
    if (this.#entries > MOST_ENTRIES) throw tooLarge()
  }

  #map(value: object, toJson: unknown, mark: number, depth: number): unknown {
    this.#open(value, 0, depth)
    const read = this.#properties(value, toJson, mark, depth + 1)
    this.#around.pop()
    return read
  }

  /** @param depth - of what is in it. */
  #properties(value: object, toJson: unknown, mark: number, depth: number): Record<string, unknown> {
    const { output } = this
    const keys = keysOf(value)
    this.#count(keys.length)
    this.#header(keys.length, mark)
    const copy: Record<string, unknown> = mark === MARK.NULL_PROTOTYPE ? Object.create(null) : {}
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i]!
      output.text(key)
      // What was read before is not read again.
      const item = this.value(key === 'toJSON' ? toJson : read(value, key), key, depth)
      if (mark === MARK.NULL_PROTOTYPE) copy[key] = item
      else put(copy, key, item)
    }
    return copy
  }

  #header(count: number, mark: number): void {
    const { output } = this
    if (mark === NO_MARK) {
      output.map(count)
      return
    }
    output.map(count + 1)
    output.mark(mark)
    output.byte(0xc0)
  }

  #array(value: readonly unknown[], depth: number): unknown {
    const length = Number(read(value, 'length'))
    // A proxy may say anything.
    const count = Number.isSafeInteger(length) && length > 0 ? length : 0
    this.#open(value, count, depth)
    this.output.array(count)
    const copy: unknown[] = []
    for (let i = 0; i < count; i += 1) copy.push(this.value(read(value, i), i, depth + 1))
    this.#around.pop()
    return copy
  }

  #elements(mark: number, elements: readonly unknown[], depth: number): unknown {
    const { output } = this
    output.array(elements.length + (mark === NO_MARK ? 0 : 1))
    if (mark !== NO_MARK) output.mark(mark)
    return makeOfElements(
      mark,
      elements.map((element) => this.value(element, '', depth)),
    )
  }

  #set(value: object, depth: number): unknown {
    this.#open(value, intrinsics.sizeOfSet(value), depth)
    const copy = this.#elements(MARK.SET, intrinsics.elementsOf(value), depth + 1)
    this.#around.pop()
    return copy
  }

  #numbers(value: object, depth: number): unknown {
    const length = intrinsics.lengthOf(value)
    this.#open(value, length, depth)
    const index = TYPED_ARRAYS.findIndex(({ name }) => name === intrinsics.nameOf(value))
    const elements = Array.from({ length }, (_, i) => (value as readonly unknown[])[i])
    const copy = this.#elements(index < 0 ? NO_MARK : MARK.TYPED_ARRAY + index, elements, depth + 1)
    this.#around.pop()
    return copy
  }

  #mapOfAny(value: object, depth: number): Map<unknown, unknown> {
    this.#open(value, intrinsics.sizeOfMap(value), depth)
    const entries = intrinsics.entriesOf(value)
    this.#header(entries.length, MARK.MAP)
    const copy = new Map<unknown, unknown>()
    for (const [key, item] of entries) {
      const copiedKey = this.value(key, '', depth + 1)
      copy.set(copiedKey, this.value(item, typeof key === 'string' ? key : '', depth + 1))
    }
    this.#around.pop()
    return copy
  }

  #error(value: object, depth: number): Error {
    this.#open(value, 0, depth)
    const prototype = prototypeOf(value)
    const index = ERRORS_OF_LANGUAGE.findIndex((one) => one.prototype === prototype)
    const mark = MARK.ERROR + Math.max(index, 0)
    const error = makeError(mark, this.#fields(value, mark, depth + 1))
    this.#around.pop()
    return error
  }

  /** The fields of an error: those that every error has, and its own. */
  #fields(value: object, mark: number, depth: number): [string, unknown][] {
    const keys = fieldsOfError(value)
    this.#count(keys.length)
    this.#header(keys.length, mark)
    return keys.map((key) => {
      this.output.text(key)
      return [key, this.value(key === 'name' ? errorName(value) : read(value, key), key, depth)]
    })
  }
}

function read(value: object, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key]
  } catch {
    return UNREADABLE
  }
}

function keysOf(value: object): readonly string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}

function isArray(value: object): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

function isError(value: unknown): value is object {
  try {
    return types.isNativeError(value) || value instanceof Error
  } catch {
    return false
  }
}

function toJsonOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? read(value, 'toJSON') : undefined
}

function called(toJson: unknown, value: unknown, key: string | number): unknown {
  try {
    return Reflect.apply(toJson as (key: string) => unknown, value, [String(key)])
  } catch {
    return UNREADABLE
  }
}

/** By its class, where it has no name of its own. */
function errorName(value: object): unknown {
  const name = read(value, 'name')
  if (name !== 'Error') return name
  const ofClass = read(Object(read(prototypeOf(value), 'constructor')), 'name')
  return typeof ofClass === 'string' && ofClass !== '' ? ofClass : name
}

function prototypeOf(value: object): object {
  try {
    return Object.getPrototypeOf(value) ?? {}
  } catch {
    return {}
  }
}

function fieldsOfError(value: object): readonly string[] {
  const own = keysOf(value)
  const fields = ['name', 'message', 'stack', ...['cause', 'errors'].filter((key) => hasOwn(value, key))]
  return [...fields, ...own.filter((key) => !fields.includes(key))]
}

function hasOwn(value: object, key: string): boolean {
  try {
    return Object.hasOwn(value, key)
  } catch {
    return false
  }
}
