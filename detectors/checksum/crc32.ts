/** One byte's worth of the polynomial 0xEDB88320, ready made. */
const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/**
 * The CRC-32 of IEEE 802.3, as in gzip and zlib (RFC 1952, section 8).
 *
 * @param text - one character per byte (latin1).
 */
export function crc32(text: string): number {
  let remainder = 0xffffffff
  for (let index = 0; index < text.length; index += 1) {
    remainder = (remainder >>> 8) ^ TABLE[(remainder ^ text.charCodeAt(index)) & 0xff]!
  }
  return (remainder ^ 0xffffffff) >>> 0
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A CRC-32 in the base 62 that GitHub and npm write: digits, capitals, small letters; six places. */
export function crc32Base62(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < 6; place += 1) {
    digits = DIGITS[rest % 62]! + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
