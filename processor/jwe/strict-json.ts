export interface JsonBounds {
  /** Objects and arrays inside one another, the outermost included. */
  readonly depth: number
  /** Commas, hence about the number of members and elements, in the whole text. */
  readonly commas: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Parses JSON that has no member name twice at any level (RFC 7515 section 4, RFC 7516 section 4), within bounds that
 * are counted before anything is built.
 *
 * @returns the value, or undefined where the text is not such JSON.
 */
export function parseStrictJson(text: string, bounds: JsonBounds): unknown {
  if (!isWithinBounds(text, bounds)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A plain object of JSON: not an array, not null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether depth, count and names are in order. What is not JSON at all may pass: `JSON.parse` refuses it afterwards. */
function isWithinBounds(text: string, bounds: JsonBounds): boolean {
  // One entry per open object (its names so far) or array (undefined).
  const open: (Set<string> | undefined)[] = []
  let commas = 0
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at)
        if (end < 0) return false
        const names = open.at(-1)
        if (expectsName && names) {
          const name = decodeString(text.slice(at, end + 1))
          if (name === undefined || names.has(name)) return false
          names.add(name)
          expectsName = false
        }
        at = end
        break
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (open.length === bounds.depth) return false
        expectsName = text.charCodeAt(at) === OPEN_OBJECT
        open.push(expectsName ? new Set() : undefined)
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop()
        expectsName = false
        break
      case COMMA:
        if (++commas > bounds.commas) return false
        expectsName = open.at(-1) !== undefined
        break
    }
  }
  return true
}

/** Index of the quotation mark that ends the string which starts at `start`, or -1. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return -1
}

function decodeString(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted)
  } catch {
    return undefined
  }
}
