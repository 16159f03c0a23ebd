/** Number of base64url characters for `bytes` bytes, without padding (RFC 7515 section 2). */
export function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3)
}

/**
 * Decodes base64url strictly: no padding, no white space, no other alphabet, and no bits set beyond the last byte
 * (RFC 4648 section 3.5), so that each byte string has one encoding.
 *
 * @returns the bytes, or undefined where `text` is not the one encoding of anything.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
