import { isDeepStrictEqual } from 'node:util'
import type { ObjectEngine } from '../../engine.ts'
import { SEALED_LIST } from './line.ts'

/**
 * Seals the further arguments of a log call, which winston keeps beside the record under `Symbol.for('splat')`.
 *
 * What they hold gets out in more than one way: splat() puts them into the message, winston takes over the properties of
 * objects as fields of the record, and @opentelemetry/winston-transport makes an exception of whatever looks like one. So
 * each is looked at as a part of the body and as fields. What one look has sealed the next leaves as it is.
 */
export class Arguments {
  /** Copies, sealed as far as they have been looked at. */
  readonly values: unknown[]
  /** What parts of texts were sealed in. */
  readonly lists: unknown[] = []
  edited = false
  readonly #engine: ObjectEngine
  readonly #record: object

  /**
   * @param values - copies that nobody else has.
   * @param record - of the same call: conditions of rules look at it.
   */
  constructor(engine: ObjectEngine, values: unknown[], record: object) {
    this.#engine = engine
    this.values = values
    this.#record = record
  }

  /**
   * Looks at them as parts of the message.
   *
   * @param mayFill - whether the message has places for arguments.
   * @param except - index of the one that is looked at together with the record.
   */
  sealAsBody(mayFill: boolean, except: number): void {
    for (const [index, value] of this.values.entries()) {
      if (value === undefined || index === except || (hasFields(value) && !mayFill)) continue
      const { record, beside } = this.#engine.sealObject(this.#record, { body: value })
      if (this.#isEdited(value, beside?.body, record)) this.values[index] = beside?.body
    }
  }

  /** Looks at them as fields. */
  sealAsFields(except: readonly number[]): void {
    for (const [index, value] of this.values.entries()) {
      if (value !== undefined && !except.includes(index)) this.sealAsField(index)
    }
  }

  sealAsField(index: number): void {
    const value = this.values[index]
    const fields = hasFields(value) ? fieldsOf(value) : { [index]: value }
    const { record, beside } = this.#engine.sealObject(this.#record, { attributes: fields })
    const sealed = beside?.attributes ?? {}
    if (!this.#isEdited(fields, sealed, record)) return
    if (hasFields(value)) putFields(value, sealed)
    else this.values[index] = sealed[index]
  }

  /** Of the record, which is sealed each time, nothing is used but what the argument's parts were sealed in. */
  #isEdited(before: unknown, after: unknown, record: Readonly<Record<string, unknown>>): boolean {
    if (isDeepStrictEqual(before, after)) return false
    this.edited = true
    const list = record[SEALED_LIST]
    if (Array.isArray(list)) this.lists.push(...list)
    return true
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Whether its properties become fields of the record: what is neither a plain object nor an error has none. */
export function hasFields(copy: unknown): copy is object {
  if (!isObject(copy)) return false
  const prototype = Object.getPrototypeOf(copy)
  return prototype === Object.prototype || prototype === null || copy instanceof Error
}

/** All that an object has by name: message and stack of an error cannot be enumerated. Of a copy each can be read. */
export function fieldsOf(copy: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key of Object.getOwnPropertyNames(copy)) define(fields, key, Reflect.get(copy, key), true)
  return fields
}

/** Gives a copy the fields that have come of its own, and no others. */
export function putFields(copy: object, fields: Readonly<Record<string, unknown>>): void {
  for (const key of Object.getOwnPropertyNames(copy)) {
    if (!Object.hasOwn(fields, key)) Reflect.deleteProperty(copy, key)
  }
  for (const [key, value] of Object.entries(fields)) {
    const enumerable = Object.getOwnPropertyDescriptor(copy, key)?.enumerable ?? !(copy instanceof Error)
    define(copy, key, value, enumerable)
  }
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
}
