import { createHash, hash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

/** What shows that an end knows the shared key: SHA-512 (hex) of salt, the name of that end, nonce and key. */
export function sharedKeyDigest(salt: Uint8Array, hostname: Uint8Array, nonce: Uint8Array, sharedKey: Secret): string {
  return createHash('sha512').update(salt).update(hostname).update(nonce).update(sharedKey.reveal()).digest('hex')
}

/** What shows that a client knows the password of its user: SHA-512 (hex) of the server's salt, user and password. */
export function passwordDigest(auth: Uint8Array, username: Uint8Array, password: Secret): string {
  return createHash('sha512').update(auth).update(username).update(password.reveal()).digest('hex')
}

/**
 * Whether a digest that came is the one that was worked out. Both are hashed first, so that they are of one length; the
 * time that it takes says nothing of how much of it is right.
 */
export function sameDigest(expected: string, given: Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', expected, 'buffer'), hash('sha256', given, 'buffer'))
}
