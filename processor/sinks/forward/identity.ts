import { hostname as hostnameOfMachine } from 'node:os'
import { FieldsealError } from '../../errors.ts'
import { readSecretFile } from '../../forward/secret-file.ts'
import type { Identity } from './greeting.ts'
import type { ForwardSinkSettings } from './settings.ts'

/** The server decides how long its key and passwords are. */
const FEWEST_BYTES = 1

type Security = NonNullable<ForwardSinkSettings['security']>

/**
 * Reads who the sink is to servers that ask.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`, or `FIELDSEAL_CONFIG_INVALID` where user or password stands alone
 *   or a file holds no secret; it names the file and repeats nothing of it.
 */
export function readIdentity(sink: string, { hostname, shared_key, user, password }: Security): Identity {
  if ((user === undefined) !== (password === undefined)) {
    const message = `sinks.${sink}.security: user and password belong together`
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', message)
  }
  const known = user === undefined || password === undefined ? undefined : { name: user, password }
  return {
    hostname: Buffer.from(hostname ?? `fieldseal-sink@${hostnameOfMachine()}`.slice(0, 255)),
    sharedKey: readSecretFile(shared_key, FEWEST_BYTES),
    user: known && { name: Buffer.from(known.name), password: readSecretFile(known.password, FEWEST_BYTES) },
  }
}
