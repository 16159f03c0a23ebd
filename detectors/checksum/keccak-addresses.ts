import { keccak_256 } from '@noble/hashes/sha3.js'
import { base58Number, bytesOf } from './base58.ts'

/**
 * The checksum of Ethereum addresses in their capitals (EIP-55): a letter is a capital where the digit of the hash of
 * the small letters at its place is 8 or more.
 *
 * @param digits - 40 hexadecimal digits.
 */
export function hasEthereumCapitals(digits: string): boolean {
  const lower = digits.toLowerCase()
  const hash = Buffer.from(keccak_256(Buffer.from(lower))).toString('hex')
  return Array.from(lower, (digit, at) => (hash[at]! >= '8' ? digit.toUpperCase() : digit)).join('') === digits
}

/** Network bytes of the main network: standard, integrated, and sub-addresses (cryptonote_config.h of Monero). */
const MONERO_NETWORKS: readonly number[] = [18, 19, 42]

/** Monero writes eight bytes as eleven characters, and what is left in fewer: five bytes in seven. */
const BLOCK_CHARACTERS = 11
const BLOCK_BYTES = 8
const LAST_BLOCK_CHARACTERS = 7
const LAST_BLOCK_BYTES = 5

/**
 * Monero addresses of 95 or, integrated, 106 characters: base 58 in blocks, the network in the first byte, and the first
 * four bytes of Keccak-256 at the end (Monero's `base58.cpp`).
 */
export function isMoneroAddress(text: string): boolean {
  if (text.length % BLOCK_CHARACTERS !== LAST_BLOCK_CHARACTERS) return false
  const blocks: Buffer[] = []
  for (let at = 0; at < text.length; at += BLOCK_CHARACTERS) {
    const block = text.slice(at, at + BLOCK_CHARACTERS)
    const number = base58Number(block)
    const length = block.length === BLOCK_CHARACTERS ? BLOCK_BYTES : LAST_BLOCK_BYTES
    const bytes = number === undefined ? undefined : bytesOf(number, length)
    if (bytes === undefined) return false
    blocks.push(bytes)
  }
  const bytes = Buffer.concat(blocks)
  if (!MONERO_NETWORKS.includes(bytes[0]!)) return false
  return Buffer.from(keccak_256(bytes.subarray(0, -4)).subarray(0, 4)).equals(bytes.subarray(-4))
}
