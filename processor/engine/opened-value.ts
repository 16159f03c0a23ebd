import type { TypedValue } from '../formats/format.ts'
import { JsonScanner } from '../formats/json-scanner.ts'

const NUMBER = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/
const DEEPEST = 1024

/**
 * What was sealed, as a value with its type. A JWE does not say who wrote it, so what it holds is checked like any
 * input: it must not be able to break the record that it is put into.
 *
 * @returns undefined where the content is not of its stated type.
 */
export function typedValue(cty: string | undefined, plaintext: Buffer): TypedValue | undefined {
  switch (cty) {
    case 'number': {
      const text = plaintext.toString('latin1')
      // OTLP's JSON has integers in strings, with leading zeros if it likes; as a JSON number they are none.
      return NUMBER.test(text) ? { type: 'number', text: text.replace(/^(-?)0+(?=\d)/, '$1') } : undefined
    }
    case 'boolean': {
      const text = plaintext.toString('latin1')
      return text === 'true' || text === 'false' ? { type: 'boolean', value: text === 'true' } : undefined
    }
    case 'bytes':
      return { type: 'bytes', bytes: plaintext }
    case 'json':
    case 'otlp+json':
      return isJson(plaintext) ? { type: 'json', bytes: plaintext, extended: cty === 'otlp+json' } : undefined
    default:
      return { type: 'text', bytes: plaintext }
  }
}

/** One JSON value on one line, and nothing else. */
export function isJson(bytes: Buffer): boolean {
  if (bytes.includes(0x0a)) return false
  const scanner = new JsonScanner(bytes, bytes.length, DEEPEST)
  try {
    return scanner.skipSpace(scanner.skipValue(scanner.skipSpace(0), 0)) === bytes.length
  } catch {
    return false
  }
}

/** Where the value starts in JSON text that is one object of exactly one member; undefined for any other. */
export function entryValueStart(bytes: Buffer): number | undefined {
  if (!isJson(bytes)) return undefined
  const scanner = new JsonScanner(bytes, bytes.length, DEEPEST)
  const start = scanner.skipSpace(0)
  if (scanner.peek(start) !== 0x7b) return undefined
  const values: number[] = []
  scanner.members(start, 0, (_keyStart, _keyEnd, value) => {
    values.push(value)
    return scanner.skipValue(value, 1)
  })
  return values.length === 1 ? values[0] : undefined
}
