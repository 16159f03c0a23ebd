import { CHAR, JsonScanner } from './json-scanner.ts'
import { decodeEscapes } from './json-string.ts'

/**
 * Values as JSON text and back, with nothing lost: the plaintext of a map or array that is sealed whole.
 *
 * Strings, booleans, maps and arrays are what they look like, in the order in which they came, keys that occur twice
 * included. An integer has neither point nor exponent, a double always has one: `5` and `5.0` are different values.
 * What JSON lacks is written as an object of one member: `{"$bytes": base64}`, `{"$double": "NaN"}`, `{"$text": base64}`
 * for a string that is not UTF-8, and `{"$map": {...}}` around a map that would itself look like one of these. Of
 * MessagePack `{"$extension": base64}` for an extension, its type in front, and `{"$pairs": [[key, value], ...]}` for a map
 * with a key that is no text.
 */

/** Only these make a map look like what it is not; whoever writes one escapes all of them. */
export const MARKS: ReadonlySet<string> = new Set(['$bytes', '$double', '$extension', '$map', '$pairs', '$text'])

/** Deeper than any record may be: the text was written by this program, and sealed. */
const DEEPEST = 1024

/** What a value becomes in a format. */
export interface ValueMaker<T> {
  null(): T
  boolean(value: boolean): T
  /** @param text - of JSON, or `NaN`, `Infinity` or `-Infinity`. */
  number(text: string): T
  text(bytes: Uint8Array): T
  bytes(bytes: Uint8Array): T
  array(values: readonly T[]): T
  map(entries: readonly MadeEntry<T>[]): T
  /** Of its type, one byte, and its content; empty where somebody has sealed what is none. Absent where the format has none. */
  extension?(bytes: Uint8Array): T
  /** A map whose keys are values of any type. Absent where the format has none. */
  pairs?(pairs: readonly (readonly [key: T, value: T])[]): T
}

export interface MadeEntry<T> {
  readonly key: Uint8Array
  readonly value: T
}

interface Read<T> {
  readonly value: T
  readonly end: number
}

interface ReadEntry<T> extends Read<T>, MadeEntry<T> {
  /** Where the value starts in the text. */
  readonly token: number
}

/** Makes values of JSON text; `extended` where marks are to be understood. */
export class ExtendedJsonReader<T> {
  readonly scanner: JsonScanner
  readonly #bytes: Uint8Array
  readonly #extended: boolean
  readonly #make: ValueMaker<T>

  constructor(json: Uint8Array, extended: boolean, make: ValueMaker<T>) {
    this.scanner = new JsonScanner(json, json.length, DEEPEST)
    this.#bytes = json
    this.#extended = extended
    this.#make = make
  }

  /** The value that is all of the text. */
  whole(): T {
    return this.read(this.scanner.skipSpace(0), 0).value
  }

  string(start: number, end: number): Uint8Array {
    const target = new Uint8Array(end - start)
    return target.subarray(0, decodeEscapes(this.#bytes, start, end, target, 0))
  }

  read(start: number, depth: number): Read<T> {
    const { scanner } = this
    const byte = scanner.peek(start)
    if (byte === CHAR.OPEN_BRACE) return this.#object(start, depth)
    if (byte === CHAR.OPEN_BRACKET) return this.#array(start, depth)
    if (byte === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      return { value: this.#make.text(this.string(start + 1, end)), end: end + 1 }
    }
    const end = scanner.skipValue(start, depth)
    return { value: this.#plain(Buffer.from(this.#bytes.subarray(start, end)).toString('latin1')), end }
  }

  #plain(text: string): T {
    if (text === 'null') return this.#make.null()
    return text === 'true' || text === 'false' ? this.#make.boolean(text === 'true') : this.#make.number(text)
  }

  #array(start: number, depth: number): Read<T> {
    const values: T[] = []
    const end = this.scanner.elements(start, depth, (value) => {
      const read = this.read(value, depth + 1)
      values.push(read.value)
      return read.end
    })
    return { value: this.#make.array(values), end }
  }

  #object(start: number, depth: number): Read<T> {
    const { entries, end } = this.#entries(start, depth, this.#extended)
    const [only] = entries
    const marked = this.#extended && only !== undefined && entries.length === 1 ? this.#marked(only) : undefined
    return { value: marked ?? this.#make.map(entries), end }
  }

  /** @param mayBeMarked - false for a map under `$map`: that is a map, whatever it looks like. */
  #entries(
    start: number,
    depth: number,
    mayBeMarked: boolean,
  ): { readonly entries: readonly ReadEntry<T>[]; readonly end: number } {
    const entries: ReadEntry<T>[] = []
    const end = this.scanner.members(start, depth, (keyStart, keyEnd, value) => {
      const key = this.string(keyStart, keyEnd)
      const read =
        (mayBeMarked && entries.length === 0 ? this.#markedContainer(key, value, depth + 1) : undefined) ??
        this.read(value, depth + 1)
      entries.push({ key, value: read.value, token: value, end: read.end })
      return read.end
    })
    return { entries, end }
  }

  /** What stands under `$map` or `$pairs`, if that is the only member: it is not what it would be elsewhere. */
  #markedContainer(key: Uint8Array, value: number, depth: number): Read<T> | undefined {
    const mark = markIn(key)
    const isMap = mark === '$map' && this.scanner.peek(value) === CHAR.OPEN_BRACE
    const isPairs = mark === '$pairs' && this.#make.pairs !== undefined && arePairs(this.scanner, value)
    if ((!isMap && !isPairs) || !this.#isLastMember(value, depth)) return undefined
    if (isPairs) return this.pairs(value, depth)
    const { entries, end } = this.#entries(value, depth, false)
    return { value: this.#make.map(entries), end }
  }

  #isLastMember(value: number, depth: number): boolean {
    const { scanner } = this
    return scanner.peek(scanner.skipSpace(scanner.skipValue(value, depth))) === CHAR.CLOSE_BRACE
  }

  /** A map from its pairs, each an array of two elements. */
  pairs(start: number, depth: number): Read<T> {
    const pairs: (readonly [T, T])[] = []
    const end = this.scanner.elements(start, depth, (pair) => {
      const both: T[] = []
      const pairEnd = this.scanner.elements(pair, depth + 1, (element) => {
        const read = this.read(element, depth + 2)
        both.push(read.value)
        return read.end
      })
      pairs.push([both[0]!, both[1]!])
      return pairEnd
    })
    return { value: this.#make.pairs!(pairs), end }
  }

  #marked({ key, value, token, end }: ReadEntry<T>): T | undefined {
    const mark = markIn(key)
    if (mark === '$map') return value
    if (mark === '$pairs') return this.#make.pairs !== undefined && arePairs(this.scanner, token) ? value : undefined
    // Whoever has the public key can seal what this program never writes: such a map is what it looks like.
    if (mark === undefined || this.#bytes[token] !== CHAR.QUOTE) return undefined
    const text = Buffer.from(this.string(token + 1, end - 1)).toString('latin1')
    if (mark === '$double') return this.#make.number(text)
    const bytes = Buffer.from(text, 'base64')
    if (mark === '$extension') return this.#make.extension?.(bytes)
    return mark === '$bytes' ? this.#make.bytes(bytes) : this.#make.text(bytes)
  }
}

function markIn(key: Uint8Array): string | undefined {
  const text = Buffer.from(key).toString('latin1')
  return MARKS.has(text) ? text : undefined
}

/** Whether the value at `start`, which is valid JSON, is an array of arrays of two elements each. */
export function arePairs(scanner: JsonScanner, start: number): boolean {
  if (scanner.peek(start) !== CHAR.OPEN_BRACKET) return false
  let all = true
  scanner.elements(start, 0, (pair) => {
    let elements = 0
    const isArray = scanner.peek(pair) === CHAR.OPEN_BRACKET
    const end = isArray
      ? scanner.elements(pair, 0, (element) => {
          elements += 1
          return scanner.skipValue(element, 0)
        })
      : scanner.skipValue(pair, 0)
    all = all && elements === 2
    return end
  })
  return all
}

const OTLP_MARKS: ReadonlySet<string> = new Set(['$bytes', '$double', '$map', '$text'])
export const NO_MARKS: ReadonlySet<string> = new Set()

/** The marks that a format understands, by its name; none where containers are sealed as the JSON that they are. */
export function marksOf(format: string): ReadonlySet<string> {
  if (format === 'forward' || format === 'object' || format === 'log-record') return MARKS
  return format.startsWith('otlp') ? OTLP_MARKS : NO_MARKS
}
