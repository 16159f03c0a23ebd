import { randomBytes } from 'node:crypto'
import { passwordDigest, sameDigest, sharedKeyDigest } from '../../forward/digests.ts'
import { decodePing, encodeHelo, encodePong, type Ping } from '../../forward/handshake.ts'
import { decodeSmall, type SmallValue } from '../../forward/small-value.ts'
import { Secret } from '../../secret.ts'
import type { Credentials } from './credentials.ts'

const NOTHING = Buffer.alloc(0)

/** Nothing of it tells which part was wrong: key, user or password. */
const DENIED = Buffer.from('authentication failed')
/** Told only to those who know the key. */
const SAME_NAME = Buffer.from('client and server have the same host name')

/** What a user's password is compared with that is not known, so that it takes as long. */
const NO_PASSWORD = new Secret(randomBytes(16))

export interface Answer {
  readonly authenticated: boolean
  readonly pong: Buffer
}

/**
 * The server's half of the handshake (Forward Protocol v1, "Handshake Messages"). There is one attempt: whatever comes
 * first and is no PING with the right digests is denied.
 */
export class Reception {
  readonly #credentials: Credentials
  readonly #nonce = randomBytes(16)
  readonly #auth: Buffer
  readonly helo: Buffer

  constructor(credentials: Credentials, keepalive: boolean) {
    this.#credentials = credentials
    this.#auth = credentials.users.size > 0 ? randomBytes(16) : NOTHING
    this.helo = encodeHelo({ nonce: this.#nonce, auth: this.#auth, keepalive })
  }

  /** @param bytes - the first value that came. */
  answer(bytes: Uint8Array): Answer {
    const ping = decodePing(decoded(bytes))
    if (ping === undefined) return denied(DENIED)
    // Both are worked out in any case.
    const known = [this.#knowsKey(ping), this.#knowsPassword(ping)]
    if (known.includes(false)) return denied(DENIED)
    const { hostname, sharedKey } = this.#credentials
    // The digest of a client that has our name would be ours, too: it could give back what it is sent.
    if (hostname.equals(ping.hostname)) return denied(SAME_NAME)
    const digest = sharedKeyDigest(ping.salt, hostname, this.#nonce, sharedKey)
    return {
      authenticated: true,
      pong: encodePong({ authenticated: true, reason: NOTHING, hostname, sharedKeyDigest: Buffer.from(digest) }),
    }
  }

  #knowsKey({ salt, hostname, sharedKeyDigest: given }: Ping): boolean {
    return sameDigest(sharedKeyDigest(salt, hostname, this.#nonce, this.#credentials.sharedKey), given)
  }

  #knowsPassword({ username, passwordDigest: given }: Ping): boolean {
    const { users } = this.#credentials
    if (users.size === 0) return true
    const password = users.get(Buffer.from(username).toString())
    const same = sameDigest(passwordDigest(this.#auth, username, password ?? NO_PASSWORD), given)
    return same && password !== undefined
  }
}

function denied(reason: Buffer): Answer {
  return {
    authenticated: false,
    pong: encodePong({ authenticated: false, reason, hostname: NOTHING, sharedKeyDigest: NOTHING }),
  }
}

/** What is no small value is nothing. */
function decoded(bytes: Uint8Array): SmallValue {
  try {
    return decodeSmall(bytes)
  } catch {
    return null
  }
}
