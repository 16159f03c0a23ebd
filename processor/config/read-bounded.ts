import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface BoundedFile {
  readonly bytes: Buffer
  /** Permission bits. */
  readonly mode: number
}

/**
 * Reads a file of at most `limit` bytes without trusting what its size is said to be, so that pipes and devices work
 * and an endless one does no harm.
 */
export function readBounded(path: string, limit: number): BoundedFile | 'unreadable' | 'too large' {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch {
    return 'unreadable'
  }
  try {
    const bytes = Buffer.alloc(limit + 1)
    let length = 0
    while (length <= limit) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null)
      if (count === 0) break
      length += count
    }
    if (length > limit) return 'too large'
    return { bytes: Buffer.from(bytes.subarray(0, length)), mode: fstatSync(descriptor).mode & 0o777 }
  } catch {
    return 'unreadable'
  } finally {
    closeSync(descriptor)
  }
}

/** The text of UTF-8 bytes, or undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
