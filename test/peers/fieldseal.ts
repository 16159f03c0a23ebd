import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { RunningProgram } from './running-program.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAIRS = { security: generateKeyPair('P-256', 'security'), dpo: generateKeyPair('X25519', 'dpo') }

/** The private keys of everybody for whom values are sealed. */
export const PRIVATE_KEYS = Object.values(PAIRS).map(({ privateJwk }) => privateJwk)

export const PUBLIC_KEYS = Object.fromEntries(Object.entries(PAIRS).map(([name, { publicJwk }]) => [name, publicJwk]))

/** What the configurations of the tests begin with. */
export const RECIPIENTS = `
recipients:
  security: {jwk: keys/security.pub.jwk}
  dpo: {jwk: keys/dpo.pub.jwk}
groups:
  default: [security, dpo]
rules: [rules/packs/default.yaml]
`

/** A folder with the public keys and the default rules, as an operator has it. */
export function operatorsFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-peers-'))
  mkdirSync(join(folder, 'keys'))
  for (const [name, { publicJwk }] of Object.entries(PAIRS))
    writeFileSync(join(folder, `keys/${name}.pub.jwk`), JSON.stringify(publicJwk))
  cpSync(join(ROOT, 'rules/packs'), join(folder, 'rules/packs'), { recursive: true })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

export interface RunningFieldseal {
  readonly program: RunningProgram
  /** Where its source `name` listens: `127.0.0.1:4318`. */
  source(name: string): string
  readonly admin: string
}

/** `fieldseal run` in a process of its own, once it takes batches. */
export async function runFieldseal(
  folder: string,
  config: string,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningFieldseal> {
  writeFileSync(join(folder, 'config.yaml'), config)
  const program = new RunningProgram(
    process.execPath,
    [join(ROOT, 'processor/cli/main.ts'), 'run', '-c', 'config.yaml'],
    { cwd: folder, env: { ...process.env, ...env } },
  )
  const started = JSON.parse(await program.line((line) => line.includes('"event":"started"'))) as Record<string, string>
  return { program, source: (name) => started[`sources.${name}`]!, admin: started.admin! }
}
