/**
 * A copy in which each byte that is not part of a character of UTF-8 (RFC 3629 section 4) is a `?`: matched like the
 * replacement character, and of the same length, so that places stay what they are.
 */
export function withoutInvalidBytes(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = 0; at < copy.length; ) {
    const length = characterLength(copy, at)
    if (length === 0) copy[at] = 0x3f
    at += Math.max(length, 1)
  }
  return copy
}

/** Bytes of the character at a place; 0 where there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0
  const second = bytes[at + 1]!
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let next = at + 2; next < at + length; next += 1) {
    if ((bytes[next]! & 0xc0) !== 0x80) return 0
  }
  return length
}

/** The last place up to `end` at which no character is cut. */
export function characterEnd(bytes: Buffer, end: number): number {
  let at = end
  while (at > Math.max(0, end - 4) && at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at -= 1
  return at
}
