import { types } from 'node:util'

/**
 * What the language itself says of its objects, whatever an object, its class or a proxy says: taken once, and called
 * on the object.
 */
function getter(prototype: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, key)!.get!
}

const { getTime, toISOString, toJSON: dateToJson } = Date.prototype
const { toJSON: bufferToJson } = Buffer.prototype
const { toJSON: urlToJson } = URL.prototype
const { entries: mapEntries } = Map.prototype
const { values: setValues } = Set.prototype
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype)
const mapSize = getter(Map.prototype, 'size')
const setSize = getter(Set.prototype, 'size')
const typedArrayLength = getter(typedArrayPrototype, 'length')
const typedArrayName = getter(typedArrayPrototype, Symbol.toStringTag)
const urlText = getter(URL.prototype, 'href')
const patternSource = getter(RegExp.prototype, 'source')

/** Whether `toJSON` is the one that the type has by itself, and so is known to say nothing else than the value. */
export function isOwnToJson(toJson: unknown): boolean {
  return toJson === dateToJson || toJson === bufferToJson || toJson === urlToJson
}

export function dateText(date: object): string {
  const time = getTime.call(date as Date)
  return Number.isNaN(time) ? 'Invalid Date' : toISOString.call(new Date(time))
}

/** @returns undefined for what only has the prototype of a URL. */
export function urlOf(url: object): string | undefined {
  try {
    return urlText.call(url) as string
  } catch {
    return undefined
  }
}

export function sourceOf(pattern: object): string {
  return patternSource.call(pattern) as string
}

export function sizeOfMap(map: object): number {
  return mapSize.call(map) as number
}

/** A copy: what is read may change the map. */
export function entriesOf(map: object): [unknown, unknown][] {
  return [...mapEntries.call(map as Map<unknown, unknown>)]
}

export function sizeOfSet(set: object): number {
  return setSize.call(set) as number
}

export function elementsOf(set: object): unknown[] {
  return [...setValues.call(set as Set<unknown>)]
}

/** Elements of a typed array. */
export function lengthOf(array: object): number {
  return typedArrayLength.call(array) as number
}

export function nameOf(array: object): string {
  return typedArrayName.call(array) as string
}

/** The primitive in a boxed one. */
export function unboxed(box: object): unknown {
  if (types.isNumberObject(box)) return Number.prototype.valueOf.call(box)
  if (types.isStringObject(box)) return String.prototype.valueOf.call(box)
  if (types.isBooleanObject(box)) return Boolean.prototype.valueOf.call(box)
  if (types.isBigIntObject(box)) return BigInt.prototype.valueOf.call(box)
  return Symbol.prototype.valueOf.call(box as unknown as symbol)
}
