import { ERRORS_OF_LANGUAGE, MARK, TYPED_ARRAYS } from './native.ts'

/** Makes values that JavaScript has and MessagePack has not, from what was read or written of them. */

export type Entry = readonly [key: unknown, value: unknown]

/** Gives an object a key, whatever the key is and whatever `Object.prototype` has under it. */
export function put(target: object, key: string, value: unknown): void {
  // It would be set as the prototype.
  if (key === '__proto__') {
    define(target, key, value, true)
    return
  }
  try {
    ;(target as Record<string, unknown>)[key] = value
  } catch {
    // What is inherited is frozen, or can only be read.
    define(target, key, value, true)
  }
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
}

const FIELDS_OF_ERRORS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors'])

/**
 * An error with the fields that were looked through, and nothing else: neither the class that it had, nor the stack of
 * where it is made.
 */
export function makeError(mark: number, entries: readonly Entry[]): Error {
  const Class = ERRORS_OF_LANGUAGE[mark - MARK.ERROR]!
  const error = Class === AggregateError ? new AggregateError([]) : new (Class as ErrorConstructor)()
  const fields = new Map(entries)
  define(error, 'stack', fields.get('stack'), false)
  if (Class === AggregateError && !fields.has('errors')) Reflect.deleteProperty(error, 'errors')
  for (const [key, value] of entries) {
    const name = String(key)
    if (name === 'stack' || (name === 'name' && value === error.name)) continue
    define(error, name, value, !FIELDS_OF_ERRORS.has(name))
  }
  return error
}

/** The container that a mark stands for, from its entries; undefined where it is none of entries. */
export function makeOfEntries(mark: number, entries: readonly Entry[]): object {
  if (mark === MARK.MAP) return new Map(entries)
  if (mark >= MARK.ERROR && mark < MARK.TYPED_ARRAY) return makeError(mark, entries)
  const made: object = mark === MARK.NULL_PROTOTYPE ? Object.create(null) : {}
  for (const [key, value] of entries) {
    // Without a prototype there is nothing that a key could meet.
    if (mark === MARK.NULL_PROTOTYPE) (made as Record<string, unknown>)[String(key)] = value
    else put(made, String(key), value)
  }
  return made
}

/** The container that a mark stands for, from its elements: of a typed array an array where an element is no number. */
export function makeOfElements(mark: number, elements: readonly unknown[]): object {
  if (mark === MARK.SET) return new Set(elements)
  const Class = TYPED_ARRAYS[mark - MARK.TYPED_ARRAY]
  if (Class === undefined) return elements
  const type = Class === BigInt64Array || Class === BigUint64Array ? 'bigint' : 'number'
  if (elements.some((element) => typeof element !== type)) return elements
  return new (Class as new (elements: readonly unknown[]) => object)(elements)
}

/** A pattern from its text, `/source/flags`; the text where it is none. */
export function makePattern(text: string): RegExp | string {
  const end = text.lastIndexOf('/')
  try {
    return new RegExp(text.slice(1, end), text.slice(end + 1))
  } catch {
    return text
  }
}

export function makeUrl(text: string): URL | string {
  return URL.canParse(text) ? new URL(text) : text
}
