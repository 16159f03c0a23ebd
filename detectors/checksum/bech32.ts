const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** What the checksum must come to: BIP 173 for witness version 0, BIP 350 (bech32m) for all later ones. */
const BECH32 = 1
const BECH32M = 0x2bc830a3

const CHECKSUM_LENGTH = 6
const MOST_CHARACTERS = 90

/**
 * Bitcoin's segregated witness addresses of the main network (BIP 173, BIP 350, BIP 141).
 *
 * @param text - all in lower case or all in upper case, `bc1` in front.
 */
export function isSegwitAddress(text: string): boolean {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return false
  if (!lower.startsWith('bc1') || text.length > MOST_CHARACTERS) return false
  const values = Array.from(lower.slice(3), (character) => ALPHABET.indexOf(character))
  if (values.length < CHECKSUM_LENGTH + 1 || values.includes(-1)) return false
  const version = values[0]!
  const program = programBytes(values.slice(1, -CHECKSUM_LENGTH))
  if (version > 16 || program === undefined || program < 2 || program > 40) return false
  if (version === 0 && program !== 20 && program !== 32) return false
  return polymod([...expanded('bc'), ...values]) === (version === 0 ? BECH32 : BECH32M)
}

/** How many bytes groups of five bits make; undefined where the padding is too long or not zero. */
function programBytes(groups: readonly number[]): number | undefined {
  const padding = (groups.length * 5) % 8
  if (padding > 4 || ((groups.at(-1) ?? 0) & ((1 << padding) - 1)) !== 0) return undefined
  return Math.floor((groups.length * 5) / 8)
}

function expanded(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(values: readonly number[]): number {
  let checksum = 1
  for (const value of values) {
    const top = checksum >> 25
    checksum = ((checksum & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of GENERATOR.entries()) if ((top >> bit) & 1) checksum ^= generator
  }
  return checksum
}
