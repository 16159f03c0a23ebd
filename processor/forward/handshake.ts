import * as write from '../formats/message-pack/write.ts'
import { bytesOf, isSmallMap, type SmallValue } from './small-value.ts'

/** Messages of the handshake (Forward Protocol v1, "Handshake Messages"), each below 1 KiB and sent in one write. */

/** The server speaks first. */
export interface Helo {
  readonly nonce: Uint8Array
  /** The salt for passwords; empty where the server wants no user. */
  readonly auth: Uint8Array
  /** Whether the connection may be used for more than one message. */
  readonly keepalive: boolean
}

/** What the client says of itself. Names and digests are compared as bytes. */
export interface Ping {
  readonly hostname: Uint8Array
  readonly salt: Uint8Array
  readonly sharedKeyDigest: Uint8Array
  /** Empty where the server wants no user, and so is the digest. */
  readonly username: Uint8Array
  readonly passwordDigest: Uint8Array
}

export interface Pong {
  readonly authenticated: boolean
  /** Why not; empty otherwise. */
  readonly reason: Uint8Array
  readonly hostname: Uint8Array
  readonly sharedKeyDigest: Uint8Array
}

/** Longest name, salt or digest that is read; a digest has 128 characters. */
const MOST_BYTES = 512

/** Random bytes are sent as bin: as a raw str they break JavaScript clients. */
export function encodeHelo({ nonce, auth, keepalive }: Helo): Buffer {
  return write.array([
    write.string('HELO'),
    write.map([
      [write.string('nonce'), write.binary(nonce)],
      [write.string('auth'), auth.length === 0 ? write.string('') : write.binary(auth)],
      [write.string('keepalive'), write.boolean(keepalive)],
    ]),
  ])
}

/** @returns undefined where it is no HELO. */
export function decodeHelo(value: SmallValue): Helo | undefined {
  if (!Array.isArray(value) || value.length < 2 || value[0] !== 'HELO' || !isSmallMap(value[1])) return undefined
  const { nonce = '', auth = '', keepalive = true } = value[1]
  const texts = [nonce, auth].map(bounded)
  if (texts[0] === undefined || texts[1] === undefined) return undefined
  return { nonce: texts[0], auth: texts[1], keepalive: keepalive !== false }
}

export function encodePing(ping: Ping): Buffer {
  return write.array([
    write.string('PING'),
    write.string(ping.hostname),
    // A str, and so no random bytes: Fluent Bit closes on a client that sends bin.
    write.string(ping.salt),
    write.string(ping.sharedKeyDigest),
    write.string(ping.username),
    write.string(ping.passwordDigest),
  ])
}

/** @returns undefined where it is no PING. */
export function decodePing(value: SmallValue): Ping | undefined {
  if (!Array.isArray(value) || value.length !== 6 || value[0] !== 'PING') return undefined
  // A client without a user may send nil for one.
  const [hostname, salt, sharedKeyDigest, username, passwordDigest] = value
    .slice(1)
    .map((part, index) => bounded(part === null && index >= 3 ? '' : part))
  if (hostname === undefined || salt === undefined || sharedKeyDigest === undefined) return undefined
  if (username === undefined || passwordDigest === undefined) return undefined
  return { hostname, salt, sharedKeyDigest, username, passwordDigest }
}

export function encodePong({ authenticated, reason, hostname, sharedKeyDigest }: Pong): Buffer {
  return write.array([
    write.string('PONG'),
    write.boolean(authenticated),
    write.string(reason),
    write.string(hostname),
    write.string(sharedKeyDigest),
  ])
}

/** @returns undefined where it is no PONG. */
export function decodePong(value: SmallValue): Pong | undefined {
  if (!Array.isArray(value) || value.length < 2 || value[0] !== 'PONG' || typeof value[1] !== 'boolean')
    return undefined
  const [reason, hostname, sharedKeyDigest] = [2, 3, 4].map((index) => bounded(value[index] ?? ''))
  if (reason === undefined || hostname === undefined || sharedKeyDigest === undefined) return undefined
  return { authenticated: value[1], reason, hostname, sharedKeyDigest }
}

function bounded(value: SmallValue): Buffer | undefined {
  const bytes = bytesOf(value)
  return bytes === undefined || bytes.length > MOST_BYTES ? undefined : bytes
}
