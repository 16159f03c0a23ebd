import { hash, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'
import { Secret } from '../secret.ts'

const FEWEST_CHARACTERS = 16
const MOST_CHARACTERS = 4096

/** What can stand in a header behind `Bearer `: wider than RFC 6750's b64token, since other servers issue tokens, too. */
const TOKEN = /^[\x21-\x7e]+$/

/** RFC 9110 section 11.1: the scheme is compared without regard to case. */
const CREDENTIALS = /^bearer +([\x21-\x7e]+) *$/i

/**
 * Reads files of one bearer token each. One newline at the end is not part of the token.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`, or `FIELDSEAL_CONFIG_INVALID` where a token is shorter than 16
 *   characters or could not be sent; both name the file and repeat nothing of it.
 */
export function readTokens(files: readonly string[]): Secret[] {
  return files.map(readToken)
}

function readToken(file: string): Secret {
  let text: string
  try {
    if (statSync(file).size > MOST_CHARACTERS + 2) throw new RangeError('too large')
    text = readFileSync(file, 'latin1')
  } catch {
    throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read, or is too large for a token`)
  }
  const token = text.replace(/\r?\n$/, '')
  if (token.length < FEWEST_CHARACTERS)
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `the token in ${file} has fewer than 16 characters`)
  if (!TOKEN.test(token))
    throw new FieldsealError(
      'FIELDSEAL_CONFIG_INVALID',
      `the token in ${file} is not of printable ASCII without spaces`,
    )
  return new Secret(Buffer.from(token, 'latin1'))
}

/** Who is let in. Without tokens everybody is. */
export class BearerTokens {
  /** SHA-256 of each token. Digests are of one length, as a comparison in constant time needs. */
  readonly #digests: readonly Buffer[]

  constructor(tokens: readonly Secret[]) {
    this.#digests = tokens.map((token) => hash('sha256', token.reveal(), 'buffer'))
  }

  /** Whether a request needs a token at all. */
  get required(): boolean {
    return this.#digests.length > 0
  }

  /**
   * Whether a request with this `Authorization` is let in. Every token is compared, in constant time: how long it takes
   * says neither which token it is nor how much of one is right.
   */
  accept(authorization: string | undefined): boolean {
    if (!this.required) return true
    const [, token] = CREDENTIALS.exec(authorization ?? '') ?? []
    if (token === undefined) return false
    const digest = hash('sha256', token, 'buffer')
    let matches = 0
    for (const known of this.#digests) matches |= Number(timingSafeEqual(known, digest))
    return matches === 1
  }
}
