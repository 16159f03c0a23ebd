import { createCipheriv, createSecretKey, diffieHellman, type KeyObject, randomFillSync } from 'node:crypto'

/** What the sealer asks of the platform. Tests replace single members to show what happens when one of them fails. */
export interface Primitives {
  /** Fills the bytes at random and returns them. */
  readonly random: (bytes: Buffer) => Buffer
  /** Z of one Diffie-Hellman agreement. */
  readonly agree: (privateKey: KeyObject, publicKey: KeyObject) => Buffer
  /** AES-256-GCM with a tag of 16 bytes. */
  readonly encrypt: (key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) => Encrypted
  /** Milliseconds that never run backwards. */
  readonly now: () => number
  /** Milliseconds since 1970. */
  readonly time: () => number
}

export interface Encrypted {
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

export const NODE_PRIMITIVES: Primitives = {
  random: (bytes) => randomFillSync(bytes),
  agree: (privateKey, publicKey) => diffieHellman({ privateKey, publicKey }),
  encrypt(key, iv, aad, plaintext) {
    // Node 24 takes 11 µs more for a raw key.
    const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv)
    cipher.setAAD(aad)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    return { ciphertext, tag: cipher.getAuthTag() }
  },
  now: () => performance.now(),
  time: () => Date.now(),
}
