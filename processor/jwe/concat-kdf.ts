import { hash } from 'node:crypto'

/** What the key derivation takes in beside the shared secret (RFC 7518 section 4.6.2). */
export interface KdfInput {
  /** AlgorithmID: `alg` where a key is wrapped afterwards, `enc` for direct agreement. */
  readonly algorithm: string
  /** At most 32: one block of SHA-256. */
  readonly keyBytes: number
  readonly apu?: Uint8Array
  readonly apv?: Uint8Array
}

const EMPTY = new Uint8Array(0)

/**
 * Concat KDF of NIST SP 800-56A section 5.8.1 with SHA-256, as RFC 7518 section 4.6.2 profiles it, for one block:
 * `SHA-256(1 ‖ Z ‖ AlgorithmID ‖ PartyUInfo ‖ PartyVInfo ‖ SuppPubInfo)`, cut to `keyBytes`.
 *
 * @param sharedSecret - Z. The caller erases it.
 */
export function concatKdf(sharedSecret: Uint8Array, input: KdfInput): Buffer {
  const algorithm = Buffer.from(input.algorithm, 'latin1')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(input.keyBytes * 8)
  const counter = Buffer.from([0, 0, 0, 1])
  const parts = [counter, sharedSecret, ...prefixed(algorithm), ...prefixed(input.apu), ...prefixed(input.apv), length]
  const message = Buffer.concat(parts)
  const block = hash('sha256', message, 'buffer')
  // The message holds Z.
  message.fill(0)
  if (input.keyBytes === block.length) return block
  const key = Buffer.from(block.subarray(0, input.keyBytes))
  block.fill(0)
  return key
}

/** A variable-length field: its length as 32 bits, big endian, then itself. */
function prefixed(field: Uint8Array = EMPTY): [Uint8Array, Uint8Array] {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(field.length)
  return [length, field]
}
