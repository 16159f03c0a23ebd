import { decodeEscapes } from './json-string.ts'

/**
 * Names of fields in OTLP's JSON (opentelemetry-proto, "JSON Protobuf Encoding"). The specification has lowerCamelCase
 * alone; the names of the proto files are read as well, since receivers further on accept them, and a value that they
 * would read must not pass unseen.
 */
export function fieldName(key: string): string {
  return key.includes('_') ? key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()) : key
}

/** The name of the field whose key, which may hold escapes, is `bytes[start, end)`. */
export function fieldNameAt(bytes: Uint8Array, start: number, end: number): string {
  const target = Buffer.alloc(end - start)
  return fieldName(target.toString('utf8', 0, decodeEscapes(bytes, start, end, target, 0)))
}
