import { createHmac, randomBytes } from 'node:crypto'
import type { OpenedFile } from './opened-file.ts'

/** Bytes that a fingerprint is taken of, at most. */
export const PRINTED_BYTES = 1024

/** Of how many bytes, and what. Without bytes there is nothing that it could tell apart. */
export interface Fingerprint {
  readonly bytes: number
  /** HMAC-SHA-256 (RFC 2104), base64; empty without bytes. */
  readonly mac: string
}

export const NO_FINGERPRINT: Fingerprint = { bytes: 0, mac: '' }

/** What a file is known by: how it begins, and what stands right before the place up to which it was read. */
export interface Known {
  readonly offset: number
  readonly head: Fingerprint
  readonly tail: Fingerprint
}

/**
 * Fingerprints under a key of their own: a first line can often be guessed, and from a plain hash one could tell whether
 * the guess is right. The key stands in the position file beside them, so that this holds for who sees fingerprints
 * alone, in a backup of the system's log or a report; who has the file can read the logs.
 */
export class Fingerprints {
  readonly key: Buffer

  constructor(key: Buffer = randomBytes(32)) {
    this.key = key
  }

  of(bytes: Uint8Array): Fingerprint {
    if (bytes.length === 0) return NO_FINGERPRINT
    return { bytes: bytes.length, mac: createHmac('sha256', this.key).update(bytes).digest('base64') }
  }

  async head(file: OpenedFile, bytes = PRINTED_BYTES): Promise<Fingerprint> {
    return this.of(await file.bytes(0, bytes))
  }

  /** Of the bytes right before a place. */
  async tail(file: OpenedFile, offset: number, bytes = Math.min(offset, PRINTED_BYTES)): Promise<Fingerprint> {
    return this.of(await file.bytes(offset - bytes, bytes))
  }

  /** Whether the file begins so. */
  async begins(file: OpenedFile, head: Fingerprint): Promise<boolean> {
    return same(await this.head(file, head.bytes), head)
  }

  /** Whether the file is the one that is known, or a copy of it, up to the place up to which that was read. */
  async matches(file: OpenedFile, { offset, head, tail }: Known): Promise<boolean> {
    if ((await file.facts()).size < offset) return false
    return (await this.begins(file, head)) && same(await this.tail(file, offset, tail.bytes), tail)
  }
}

export function same(left: Fingerprint, right: Fingerprint): boolean {
  return left.bytes === right.bytes && left.mac === right.mac
}
