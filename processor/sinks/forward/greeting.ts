import { randomBytes } from 'node:crypto'
import { passwordDigest, sameDigest, sharedKeyDigest } from '../../forward/digests.ts'
import { decodeHelo, decodePong, encodePing, type Helo } from '../../forward/handshake.ts'
import type { SmallValue } from '../../forward/small-value.ts'
import type { Secret } from '../../secret.ts'
import type { Failure } from './failure.ts'

/** Who the sink is to a server that asks. */
export interface Identity {
  readonly hostname: Buffer
  readonly sharedKey: Secret
  /** For servers that want a user. */
  readonly user: { readonly name: Buffer; readonly password: Secret } | undefined
}

export type Step =
  | { readonly say: Buffer }
  | { readonly failure: Failure }
  | { readonly open: true; readonly keepalive: boolean }

/**
 * The client's half of the handshake (Forward Protocol v1, "Handshake Messages"): HELO comes, PING goes, PONG comes. Both
 * prove that they know the key; nothing of a record is sent before the server has.
 */
export class Greeting {
  readonly #identity: Identity
  /** In hexadecimal, as Fluentd has it: Fluent Bit takes no salt that is not a str, and others no str that is not UTF-8. */
  readonly #salt = Buffer.from(randomBytes(16).toString('hex'))
  #helo: Helo | undefined

  constructor(identity: Identity) {
    this.#identity = identity
  }

  take(value: SmallValue): Step {
    return this.#helo === undefined ? this.#greeted(decodeHelo(value)) : this.#answered(this.#helo, value)
  }

  #greeted(helo: Helo | undefined): Step {
    // Without a nonce a PING that was overheard could be sent again.
    if (helo === undefined || helo.nonce.length === 0) return { failure: 'garbled' }
    const { hostname, sharedKey, user } = this.#identity
    const wanted = helo.auth.length > 0
    if (wanted && user === undefined) return { failure: 'unnamed' }
    this.#helo = helo
    const shown = wanted ? user : undefined
    return {
      say: encodePing({
        hostname,
        salt: this.#salt,
        sharedKeyDigest: Buffer.from(sharedKeyDigest(this.#salt, hostname, helo.nonce, sharedKey)),
        username: shown?.name ?? Buffer.alloc(0),
        passwordDigest: Buffer.from(shown === undefined ? '' : passwordDigest(helo.auth, shown.name, shown.password)),
      }),
    }
  }

  #answered({ nonce, keepalive }: Helo, value: SmallValue): Step {
    const pong = decodePong(value)
    if (pong === undefined) return { failure: 'garbled' }
    if (!pong.authenticated) return { failure: 'refused' }
    const { hostname, sharedKey } = this.#identity
    // The digest of a server that has our name is the one that we have sent: anybody could give it back.
    if (hostname.equals(pong.hostname)) return { failure: 'mirrored' }
    const expected = sharedKeyDigest(this.#salt, pong.hostname, nonce, sharedKey)
    return sameDigest(expected, pong.sharedKeyDigest) ? { open: true, keepalive } : { failure: 'impostor' }
  }
}
