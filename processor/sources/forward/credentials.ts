import { hostname as hostnameOfMachine } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { FieldsealError } from '../../errors.ts'
import { readSecretFile } from '../../forward/secret-file.ts'
import type { Secret } from '../../secret.ts'
import type { ForwardSourceSettings } from './settings.ts'

/** Whoever overhears a handshake can try keys at leisure. */
const FEWEST_KEY_BYTES = 16
const FEWEST_PASSWORD_BYTES = 8

/** What clients are asked for. */
export interface Credentials {
  readonly hostname: Buffer
  readonly sharedKey: Secret
  /** Passwords by the names of users; empty where no user is asked for. */
  readonly users: ReadonlyMap<string, Secret>
}

/**
 * Reads the files of `security`.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE` or `FIELDSEAL_CONFIG_INVALID`, which repeats nothing of a file.
 */
export function readCredentials(
  source: string,
  { hostname, shared_key, users }: NonNullable<ForwardSourceSettings['security']>,
): Credentials {
  const passwords = users.map(({ name, password }) => [name, readSecretFile(password, FEWEST_PASSWORD_BYTES)] as const)
  const known = new Map(passwords)
  if (known.size < passwords.length)
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sources.${source}.security: a user is named twice`)
  return {
    // Clients send their machine's name, and refuse a server that has the same.
    hostname: Buffer.from(hostname ?? `fieldseal@${hostnameOfMachine()}`.slice(0, 255)),
    sharedKey: readSecretFile(shared_key, FEWEST_KEY_BYTES),
    users: known,
  }
}

/** Whether both let in the same clients. */
export function sameCredentials(one: Credentials | undefined, other: Credentials | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  const revealed = ({ hostname, sharedKey, users }: Credentials) => [
    hostname,
    sharedKey.reveal(),
    [...users].map(([name, password]) => [name, password.reveal()]),
  ]
  return isDeepStrictEqual(revealed(one), revealed(other))
}
