import type { JsonWebKey } from 'node:crypto'
import { mkdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { FieldsealError } from '../errors.ts'
import { CURVES, type Curve } from '../jwe/algorithms.ts'
import { generateKeyPair } from '../jwe/private-keys.ts'
import { defineCommand } from './arguments.ts'
import { writeNewFile } from './write-new-file.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/** `fieldseal keys new`: makes a key pair, the private half for who opens, the public half for the configuration. */
export const keysNewCommand = defineCommand({
  name: 'keys new',
  summary: 'Makes a key pair: NAME.jwk, with which values are opened, and NAME.pub.jwk, for which they are sealed.',
  usage: 'NAME [options]',
  positionals: [{ name: 'NAME', description: 'Name of the files, and of the recipient to be.' }],
  options: {
    crv: { type: 'string', value: 'CURVE', description: 'Curve.', choices: Object.keys(CURVES), default: 'P-256' },
    kid: { type: 'string', value: 'KID', description: 'Key id. Default: the RFC 7638 thumbprint of the key.' },
    dir: { type: 'string', value: 'FOLDER', description: 'Where to write; made if need be.', default: '.' },
  },
  run({ values, positionals: [name = ''] }, { stdout }) {
    if (!NAME.test(name)) {
      throw new FieldsealError('FIELDSEAL_USAGE', 'NAME has letters, digits, "-", "_" and ".", and at most 64 of them')
    }
    const { privateJwk, publicJwk } = generateKeyPair(values.crv as Curve, values.kid)
    const privatePath = join(values.dir, `${name}.jwk`)
    const publicPath = join(values.dir, `${name}.pub.jwk`)
    try {
      mkdirSync(values.dir, { recursive: true })
    } catch {
      throw new FieldsealError('FIELDSEAL_OUTPUT_FAILED', `the folder ${values.dir} cannot be made`)
    }
    writeNew(privatePath, privateJwk, 0o600)
    try {
      writeNew(publicPath, publicJwk, 0o644)
    } catch (error) {
      unlinkSync(privatePath)
      throw error
    }
    stdout.write(`${privatePath}: keep it secret, off the machines that seal; "fieldseal open" reads it.\n`)
    stdout.write(`${publicPath}: put it into the configuration, recipients: {${name}: {jwk: ${publicPath}}}\n`)
    return 0
  },
})

function writeNew(path: string, jwk: JsonWebKey, mode: number): void {
  if (!writeNewFile(path, `${JSON.stringify(jwk, null, 2)}\n`, mode))
    throw new FieldsealError('FIELDSEAL_KEY_EXISTS', `${path} exists`)
}
