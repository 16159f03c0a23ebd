import { createHash } from 'node:crypto'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * The number that a text in the base 58 of Bitcoin stands for.
 *
 * @returns undefined where a character is not in the alphabet.
 */
export function base58Number(text: string): bigint | undefined {
  let number = 0n
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    number = number * 58n + BigInt(digit)
  }
  return number
}

/** The bytes of a number, most significant first; undefined where it needs more than `length`. */
export function bytesOf(number: bigint, length: number): Buffer | undefined {
  const hex = number.toString(16).padStart(2 * length, '0')
  return hex.length === 2 * length ? Buffer.from(hex, 'hex') : undefined
}

/** First bytes of the addresses of the main network: pay to public key hash, and pay to script hash. */
const VERSIONS: readonly number[] = [0x00, 0x05]

/** Version, hash of 20 bytes, and the first four bytes of the double SHA-256 of both. */
const ADDRESS_BYTES = 25

/**
 * Base58Check of Bitcoin's addresses, as the Bitcoin wiki describes it ("Base58Check encoding").
 *
 * @param text - at most some dozens of characters: the time grows with the square of their number.
 */
export function isBase58CheckAddress(text: string): boolean {
  const number = base58Number(text)
  const bytes = number === undefined ? undefined : bytesOf(number, ADDRESS_BYTES)
  if (bytes === undefined || !VERSIONS.includes(bytes[0]!)) return false
  // Each byte of zero in front is written as one `1`.
  if (/^1*/.exec(text)![0].length !== bytes.findIndex((byte) => byte !== 0)) return false
  const hash = sha256(sha256(bytes.subarray(0, -4)))
  return hash.subarray(0, 4).equals(bytes.subarray(-4))
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
