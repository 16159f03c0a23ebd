import { isUtf8 } from 'node:buffer'

/** Bytes as UTF-8: as they are where they are that, with replacement characters where not. */
export function asUtf8(bytes: Buffer): Buffer {
  return isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'))
}
