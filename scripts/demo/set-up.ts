import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Engine, loadEngine } from '../../processor/index.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { READERS, type Reader } from './planted.ts'

type Jwk = Readonly<Record<string, unknown>>

export interface SetUp {
  readonly engine: Engine
  readonly privateKeys: Readonly<Record<Reader | 'stranger', Jwk>>
}

/** Makes keys and a configuration in `folder`, in place of those of the last time, and an engine from them. */
export function setUp(folder: string): SetUp {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const reader of READERS) {
    const { privateJwk, publicJwk } = generateKeyPair('P-256', reader)
    writeFileSync(join(folder, `${reader}.jwk`), `${JSON.stringify(privateJwk)}\n`, { mode: 0o600 })
    writeFileSync(join(folder, `${reader}.pub.jwk`), `${JSON.stringify(publicJwk)}\n`)
  }
  writeFileSync(join(folder, 'pseudonyms.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const recipients = READERS.map((reader) => `  ${reader}: {jwk: ${reader}.pub.jwk}\n`).join('')
  const rules = JSON.stringify(relative(folder, join(import.meta.dirname, 'rules.yaml')))
  const config = `recipients:\n${recipients}hash_keys: {pseudonyms: {file: pseudonyms.key}}\nrules: [${rules}]\n`
  writeFileSync(join(folder, 'config.yaml'), config)
  const privateKey = (name: string): Jwk => JSON.parse(readFileSync(join(folder, `${name}.jwk`), 'utf8'))
  return {
    engine: loadEngine(join(folder, 'config.yaml')),
    privateKeys: {
      fraud: privateKey('fraud'),
      dpo: privateKey('dpo'),
      security: privateKey('security'),
      // Of the same form and even the same name as a recipient's, but another key.
      stranger: { ...generateKeyPair('P-256', 'security').privateJwk },
    },
  }
}
