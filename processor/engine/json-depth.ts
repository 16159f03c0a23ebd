import { CHAR, JsonScanner } from '../formats/json-scanner.ts'
import { MARKS } from '../formats/otlp-value-json.ts'

interface Measured {
  readonly depth: number
  readonly end: number
}

/**
 * How many maps and arrays lie in one another in the JSON value at `start`.
 *
 * @param json - valid from there on, and not nested deeper than the stack.
 * @param extended - what `otlp-value-json.ts` writes for bytes and the like is no map.
 */
export function jsonDepth(json: Uint8Array, start: number, extended: boolean): number {
  const scanner = new JsonScanner(json, json.length, Number.MAX_SAFE_INTEGER)
  return measure(scanner, scanner.skipSpace(start), extended, false).depth
}

/** @param isMap - it stands under `$map`: a map, whatever it looks like. */
function measure(scanner: JsonScanner, start: number, extended: boolean, isMap: boolean): Measured {
  const byte = scanner.peek(start)
  let deepest = 0
  if (byte === CHAR.OPEN_BRACKET) {
    const end = scanner.elements(start, 0, (value) => {
      const inner = measure(scanner, value, extended, false)
      deepest = Math.max(deepest, inner.depth)
      return inner.end
    })
    return { depth: deepest + 1, end }
  }
  if (byte !== CHAR.OPEN_BRACE) return { depth: 0, end: scanner.skipValue(start, 0) }
  let members = 0
  let mark = ''
  const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
    members += 1
    mark = Buffer.from(scanner.bytes.subarray(keyStart, keyEnd)).toString('latin1')
    const inner = measure(scanner, value, extended, extended && mark === '$map')
    deepest = Math.max(deepest, inner.depth)
    return inner.end
  })
  const isMarked = extended && !isMap && members === 1 && MARKS.includes(mark)
  return { depth: isMarked ? deepest : deepest + 1, end }
}
