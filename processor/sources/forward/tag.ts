import { isUtf8 } from 'node:buffer'

/** Tags of Kubernetes name pod, namespace and container, and stay below 500 bytes. */
const MOST_BYTES = 1024

/**
 * What a tag may be. It goes into records, and in other programs into the names of files and lines of logs
 * (CVE-2025-12972, CVE-2025-12977): control characters have no place in it. Nothing here makes a path of one.
 */
export function isTag(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length > MOST_BYTES) return false
  let ascii = true
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte < 0x20 || byte === 0x7f) return false
    // U+0080 to U+009F are control characters, too.
    if (byte === 0xc2 && (bytes[at + 1] ?? 0) < 0xa0) return false
    if (byte > 0x7f) ascii = false
  }
  return ascii || isUtf8(bytes)
}
