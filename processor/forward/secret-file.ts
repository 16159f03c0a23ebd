import { readFileSync, statSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'
import { Secret } from '../secret.ts'

const MOST_BYTES = 4096

/**
 * Reads a file of one line, a shared key or a password. One newline at the end is not part of it.
 *
 * @param fewest - bytes that it has at least.
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`, or `FIELDSEAL_CONFIG_INVALID` where it holds no such line; both
 *   name the file and repeat nothing of it.
 */
export function readSecretFile(file: string, fewest: number): Secret {
  let bytes: Buffer
  try {
    if (statSync(file).size > MOST_BYTES) throw new RangeError('too large')
    bytes = readFileSync(file)
  } catch {
    throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read, or is over 4 KiB`)
  }
  const line = bytes.subarray(0, bytes.length - newlineLength(bytes))
  try {
    if (line.includes(0x0a) || line.includes(0x0d))
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `${file} holds more than one line`)
    if (line.length < fewest)
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `the secret in ${file} has fewer than ${fewest} bytes`)
    return new Secret(line)
  } finally {
    bytes.fill(0)
  }
}

function newlineLength(bytes: Buffer): number {
  if (bytes.at(-1) !== 0x0a) return 0
  return bytes.at(-2) === 0x0d ? 2 : 1
}
