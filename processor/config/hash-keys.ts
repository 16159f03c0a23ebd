import { Secret } from '../secret.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'

/** Shortest hash key: the output length of SHA-256 (RFC 2104 section 3). */
const HASH_KEY_BYTES = 32
const KEY_FILE_LIMIT = 64 * 1024

export type HashKeyReading =
  | { readonly secret: Secret; readonly warning?: string }
  | { readonly problem: string; readonly hint?: string }

const MAKE_ONE = 'make one with: openssl rand -base64 32'

/**
 * Reads a hash key: base64 text (RFC 4648 section 4, white space ignored) of at least 32 bytes.
 *
 * One encoding, never guessed: a key that is read in another way gives other pseudonyms, and nobody notices. So hex,
 * which is base64 by its letters, is refused.
 */
export function readHashKey(path: string): HashKeyReading {
  const read = readBounded(path, KEY_FILE_LIMIT)
  if (read === 'unreadable') return { problem: 'the key file cannot be read', hint: MAKE_ONE }
  if (read === 'too large') return { problem: 'the key file is over 64 KiB' }
  const text = decodeUtf8(read.bytes)?.replaceAll(/\s/g, '')
  read.bytes.fill(0)
  if (text === undefined || !isBase64(text)) return { problem: 'the key file is not base64 text', hint: MAKE_ONE }
  if (/^([0-9a-f]+|[0-9A-F]+)$/.test(text)) {
    return { problem: 'the key file is hex, not base64', hint: 'convert it with: xxd -r -p KEY | base64' }
  }
  const key = Buffer.from(text, 'base64')
  if (key.length < HASH_KEY_BYTES) return { problem: `the key has under ${HASH_KEY_BYTES} bytes`, hint: MAKE_ONE }
  const secret = new Secret(key)
  key.fill(0)
  const open = process.platform !== 'win32' && (read.mode & 0o077) !== 0
  return open
    ? { secret, warning: `the key file can be read by others than its owner; run chmod 600 on it` }
    : { secret }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
