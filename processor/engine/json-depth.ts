import { arePairs } from '../formats/extended-json.ts'
import { CHAR, JsonScanner } from '../formats/json-scanner.ts'
import { isPairEntry } from '../formats/message-pack/json.ts'

interface Measured {
  readonly depth: number
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
  return measure(scanner, scanner.skipSpace(start), marks, false).depth
}

/** As `jsonDepth`, of the value of an entry: of JSON text of one member, whose value is at `start`. */
export function entryDepth(json: Uint8Array, start: number, marks: ReadonlySet<string>): number {
  const depth = jsonDepth(json, start, marks)
  // The pair that stands for the entry is an array in an array.
  return marks.has('$pairs') && isPairEntry(json) ? depth - 2 : depth
}

/** @param isMap - it stands under `$map`: a map, whatever it looks like. */
function measure(scanner: JsonScanner, start: number, marks: ReadonlySet<string>, isMap: boolean): Measured {
  const byte = scanner.peek(start)
  let deepest = 0
  if (byte === CHAR.OPEN_BRACKET) {
    const end = scanner.elements(start, 0, (value) => {
      const inner = measure(scanner, value, marks, false)
      deepest = Math.max(deepest, inner.depth)
      return inner.end
    })
    return { depth: deepest + 1, end }
  }
  if (byte !== CHAR.OPEN_BRACE) return { depth: 0, end: scanner.skipValue(start, 0) }
  let members = 0
  let mark = ''
  let only = start
  const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
    members += 1
    mark = Buffer.from(scanner.bytes.subarray(keyStart, keyEnd)).toString('latin1')
    only = value
    const inner = measure(scanner, value, marks, marks.has(mark) && mark === '$map')
    deepest = Math.max(deepest, inner.depth)
    return inner.end
  })
  const above = !isMap && members === 1 && marks.has(mark) ? levelsOf(scanner, mark, only) : 1
  return { depth: deepest + above, end }
}

/** Levels that a map with nothing but this mark has more than what is in it. */
function levelsOf(scanner: JsonScanner, mark: string, value: number): number {
  if (mark === '$map') return 0
  // Two arrays stand for one map. Of no pairs there is one array.
  if (mark === '$pairs') return arePairs(scanner, value) ? (isEmptyArray(scanner, value) ? 0 : -1) : 1
  return scanner.peek(value) === CHAR.QUOTE ? 0 : 1
}

function isEmptyArray(scanner: JsonScanner, start: number): boolean {
  return scanner.peek(scanner.skipSpace(start + 1)) === CHAR.CLOSE_BRACKET
}
