import { readFileSync, statSync } from 'node:fs'
import { hostname as hostnameOfMachine } from 'node:os'
import { FieldsealError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import type { Identity } from './greeting.ts'
import type { ForwardSinkSettings } from './settings.ts'

const MOST_BYTES = 4096

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
    hostname: Buffer.from(hostname ?? `fieldseal@${hostnameOfMachine()}`.slice(0, 255)),
    sharedKey: readLine(shared_key),
    user: known && { name: Buffer.from(known.name), password: readLine(known.password) },
  }
}

/** One newline at the end is not part of it. */
function readLine(file: string): Secret {
  let bytes: Buffer
  try {
    if (statSync(file).size > MOST_BYTES) throw new RangeError('too large')
    bytes = readFileSync(file)
  } catch {
    throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read, or is over 4 KiB`)
  }
  const text = bytes.toString('latin1').replace(/\r?\n$/, '')
  bytes.fill(0)
  if (text === '' || /[\r\n]/.test(text))
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `${file} does not hold one line of text`)
  const line = Buffer.from(text, 'latin1')
  const secret = new Secret(line)
  line.fill(0)
  return secret
}
