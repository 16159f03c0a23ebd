/** The most that `limits.depth` can be set to: maps and arrays inside of each other. */
export const DEEPEST = 200

const MEBIBYTE = 1024 * 1024

/**
 * Bytes that a batch may take in another format. A resource that stands once in OTLP stands in every JSON line, so that
 * a batch grows with the number of its records; a hostile one must not grow without end.
 */
export function mostBytes(bytes: number): number {
  return Math.max(64 * MEBIBYTE, 16 * bytes)
}
