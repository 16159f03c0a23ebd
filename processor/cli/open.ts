import { readFileSync } from 'node:fs'
import { parseByteSize } from '../config/units.ts'
import { DEFAULT_SETTINGS } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import { FORMAT_NAMES, type FormatName } from '../formats/index.ts'
import { type PrivateKey, privateKeyFromJwk } from '../jwe/private-keys.ts'
import { openerOf } from '../open.ts'
import { defineCommand } from './arguments.ts'
import { runFilter } from './filter.ts'

/** A key file is a JWK: a few kilobytes at most. */
const LONGEST_KEY_FILE = 64 * 1024

/** `fieldseal open`: a filter that gives values back. */
export const openCommand = defineCommand({
  name: 'open',
  summary: 'Reads sealed logs from standard input and writes them with the values that the keys can open.',
  usage: '-k FILE [options] < SEALED > LOGS',
  options: {
    key: { type: 'string', short: 'k', value: 'FILE', description: 'A private JWK.', required: true, multiple: true },
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      description: 'As it was sealed.',
      choices: FORMAT_NAMES,
      default: 'json-lines',
    },
    'on-error': {
      type: 'string',
      value: 'WHAT',
      description: 'A bad record ends the run, or is left out.',
      choices: ['stop', 'skip'],
      default: 'stop',
    },
    'max-value': {
      type: 'string',
      value: 'SIZE',
      description: 'Longest value to open: limits.value of the configuration that sealed it.',
      default: '1MiB',
    },
  },
  async run({ values }, io) {
    if (values.key.length === 0) throw new FieldsealError('FIELDSEAL_USAGE', '--key is missing')
    const maxValueBytes = parseByteSize(values['max-value'])
    if (maxValueBytes === undefined) throw new FieldsealError('FIELDSEAL_USAGE', '--max-value is a size such as 1MiB')
    const opener = openerOf(values.key.map(readKey), { maxValueBytes })
    const { limits } = DEFAULT_SETTINGS
    const format = values.format as FormatName
    let opened = 0
    let unopened = 0
    let moved = 0
    const transform = (bytes: Buffer): Buffer => {
      const result = opener.open(bytes, format)
      opened += result.opened
      unopened += result.unopened
      moved += result.moved
      return result.bytes
    }
    // Sealed records are many times as long as what they hold.
    const exit = await runFilter(
      {
        format,
        limits: { record: limits.record * 64, batch: limits.batch * 8 },
        onError: values['on-error'] as 'stop' | 'skip',
        transform,
      },
      io,
    )
    opener.close()
    io.stderr.write(`${opened} opened, ${unopened} left sealed\n`)
    if (moved > 0) io.stderr.write(`warning: ${moved} found at another path than they were sealed at\n`)
    return exit
  },
})

/** @throws `FIELDSEAL_CONFIG_UNREADABLE`, `FIELDSEAL_KEY_INVALID` */
export function readKey(file: string): PrivateKey {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  }
  let jwk: unknown
  try {
    jwk = text.length <= LONGEST_KEY_FILE ? JSON.parse(text) : undefined
  } catch {
    jwk = undefined
  }
  if (jwk === undefined) throw new FieldsealError('FIELDSEAL_KEY_INVALID', `${file} is no JWK`)
  return privateKeyFromJwk(jwk)
}
