import { CHAR, JsonScanner } from '../formats/json-scanner.ts'
import { isPairEntry } from '../formats/message-pack/json.ts'

interface Measured {
  readonly depth: number
  /** What it would be under a mark: under `$map` a map is one, whatever it looks like; under `$pairs` pairs are a map. */
  readonly marked: number
  /** Elements of an array; -1 of anything else. */
  readonly elements: number
  readonly end: number
}

/**
 * How many maps and arrays lie in one another in the JSON value at `start`.
 *
 * @param json - valid from there on, and not nested deeper than the stack.
 * @param marks - what the format makes something else of than a map: see `extended-json.ts`.
 */
export function jsonDepth(json: Uint8Array, start: number, marks: ReadonlySet<string>): number {
  const scanner = new JsonScanner(json, json.length, Number.MAX_SAFE_INTEGER)
  return measure(scanner, scanner.skipSpace(start), marks).depth
}

/** Whether the text begins with a JSON value that is nested to this depth at the most. */
export function isJsonWithin(text: Uint8Array, depth: number): boolean {
  const scanner = new JsonScanner(text, text.length, depth)
  try {
    scanner.skipValue(scanner.skipSpace(0), 1)
    return true
  } catch {
    return false
  }
}

/** As `jsonDepth`, of the value of an entry: of JSON text of one member, whose value is at `start`. */
export function entryDepth(json: Uint8Array, start: number, marks: ReadonlySet<string>): number {
  const depth = jsonDepth(json, start, marks)
  // The pair that stands for the entry is an array in an array.
  return marks.has('$pairs') && isPairEntry(json) ? depth - 2 : depth
}

/** Each byte once: whoever has the public key can seal what this program never writes. */
function measure(scanner: JsonScanner, start: number, marks: ReadonlySet<string>): Measured {
  const byte = scanner.peek(start)
  if (byte === CHAR.OPEN_BRACKET) return measureArray(scanner, start, marks)
  if (byte === CHAR.OPEN_BRACE) return measureMap(scanner, start, marks)
  return { depth: 0, marked: 0, elements: -1, end: scanner.skipValue(start, 0) }
}

function measureArray(scanner: JsonScanner, start: number, marks: ReadonlySet<string>): Measured {
  let deepest = 0
  let elements = 0
  let arePairs = true
  const end = scanner.elements(start, 0, (value) => {
    const inner = measure(scanner, value, marks)
    deepest = Math.max(deepest, inner.depth)
    elements += 1
    arePairs = arePairs && inner.elements === 2
    return inner.end
  })
  const depth = deepest + 1
  // Two arrays stand for one map. Of no pairs there is one array. What are no pairs stays under its mark, in a map.
  const marked = !arePairs ? depth + 1 : elements === 0 ? depth : depth - 1
  return { depth, marked, elements, end }
}

function measureMap(scanner: JsonScanner, start: number, marks: ReadonlySet<string>): Measured {
  let deepest = 0
  let members = 0
  let mark = ''
  let only: Measured | undefined
  let isText = false
  const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
    members += 1
    mark = Buffer.from(scanner.bytes.subarray(keyStart, keyEnd)).toString('latin1')
    only = measure(scanner, value, marks)
    isText = scanner.peek(value) === CHAR.QUOTE
    deepest = Math.max(deepest, only.depth)
    return only.end
  })
  const asMap = deepest + 1
  const isMarked = members === 1 && marks.has(mark)
  return { depth: isMarked ? markedDepth(mark, only!, isText) : asMap, marked: asMap, elements: -1, end }
}

function markedDepth(mark: string, only: Measured, isText: boolean): number {
  if (mark === '$map') return only.elements < 0 ? only.marked : only.depth
  if (mark === '$pairs') return only.elements < 0 ? only.depth + 1 : only.marked
  return isText ? 0 : only.depth + 1
}
