/** How inputs begin that are no lines of UTF-8: in them no value would be found, and all would be passed on. */
const BEGINNINGS: readonly { readonly name: string; readonly at?: number; readonly bytes: Buffer }[] = [
  { name: 'gzip', bytes: Buffer.from([0x1f, 0x8b]) }, // RFC 1952 section 2.3.1
  { name: 'Zstandard', bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) }, // RFC 8878 section 3.1.1
  { name: 'xz', bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) }, // The .xz File Format, 2.1.1.1
  // A digit comes before it, and `BZh` before that: a text may begin so.
  { name: 'bzip2', at: 4, bytes: Buffer.from('1AY&SY') },
  { name: 'LZ4', bytes: Buffer.from([0x04, 0x22, 0x4d, 0x18]) },
  { name: 'zip', bytes: Buffer.from('PK\x03\x04', 'latin1') },
  { name: 'UTF-16', bytes: Buffer.from([0xff, 0xfe]) }, // Unicode, "Byte Order Mark"
  { name: 'UTF-16', bytes: Buffer.from([0xfe, 0xff]) },
]

/** Bytes by which all of them are told. */
export const ENCODING_BYTES = 16

/** What an input is that begins so, if it is something else than lines. */
export function encodingOf(beginning: Uint8Array): string | undefined {
  const start = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length)
  return BEGINNINGS.find(({ at = 0, bytes }) => start.subarray(at, at + bytes.length).equals(bytes))?.name
}
