import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stringify } from 'yaml'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { READERS, type Reader } from './planted.ts'

type Jwk = Readonly<Record<string, unknown>>

export interface SetUp {
  readonly config: string
  /** The file in which sealed records arrive. */
  readonly sealed: string
  readonly privateKeys: Readonly<Record<Reader | 'stranger', Jwk>>
}

/** Makes keys and a configuration in `folder`, in place of those of the last time. */
export function setUp(folder: string, endpoint: string): SetUp {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keys = READERS.map((reader) => {
    const { privateJwk, publicJwk } = generateKeyPair('P-256', reader)
    writeFileSync(join(folder, `${reader}.jwk`), `${JSON.stringify(privateJwk)}\n`, { mode: 0o600 })
    writeFileSync(join(folder, `${reader}.pub.jwk`), `${JSON.stringify(publicJwk)}\n`)
    return [reader, privateJwk]
  })
  writeFileSync(join(folder, 'pseudonyms.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const sealed = join(folder, 'sealed.jsonl')
  rmSync(sealed, { force: true })
  const config = {
    recipients: Object.fromEntries(READERS.map((reader) => [reader, { jwk: `${reader}.pub.jwk` }])),
    hash_keys: { pseudonyms: { file: 'pseudonyms.key' } },
    rules: [relative(folder, join(import.meta.dirname, 'rules.yaml'))],
    // Port 0: whichever is free.
    service: { admin: { listen: '127.0.0.1:0' } },
    sources: { otlp: { type: 'otlp_http', listen: '127.0.0.1:0' } },
    sinks: { backend: { type: 'otlp_http', endpoint }, file: { type: 'file', path: 'sealed.jsonl' } },
  }
  writeFileSync(join(folder, 'config.yaml'), stringify(config))
  return {
    config: join(folder, 'config.yaml'),
    sealed,
    privateKeys: {
      ...(Object.fromEntries(keys) as Record<Reader, Jwk>),
      // Of the same form and even the same name as a recipient's, but another key.
      stranger: { ...generateKeyPair('P-256', 'security').privateJwk },
    },
  }
}
