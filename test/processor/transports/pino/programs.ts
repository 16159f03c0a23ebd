import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import pino10 from 'pino'
import pino9 from 'pino-9'
import { EVERYONE, KEY_PAIRS } from '../../engine/fixtures.ts'
import { CANARY_RULES } from '../canaries.ts'

export type Pino = typeof pino10

/** The transport from source: Node strips its types. */
const SOURCE = resolve(import.meta.dirname, '../../../../processor/transports/pino/index.ts')

export const PINOS = [
  { version: 'pino 10', pino: pino10, target: SOURCE },
  { version: 'pino 9', pino: pino9 as unknown as Pino, target: plainModule() },
] as const

/** pino 9 takes any file of TypeScript for one that needs ts-node. */
function plainModule(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'fieldseal-pino-')), 'target.mjs')
  writeFileSync(file, `export { default } from ${JSON.stringify(pathToFileURL(SOURCE).href)}\n`)
  return file
}

/** A folder with a configuration whose rules seal the canaries. */
export function configured(
  rules: readonly object[] = CANARY_RULES,
  more: object = {},
): { folder: string; config: string } {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-pino-'))
  const config = join(folder, 'config.yaml')
  // YAML 1.2 takes JSON as it is.
  writeFileSync(join(folder, 'rules.yaml'), JSON.stringify({ rules }))
  const recipients = Object.fromEntries(EVERYONE.map((name) => [name, { jwk: KEY_PAIRS[name].publicJwk }]))
  writeFileSync(config, JSON.stringify({ recipients, groups: { all: EVERYONE }, rules: ['rules.yaml'], ...more }))
  return { folder, config }
}

type Transport = ReturnType<Pino['transport']>

/** Ends a transport when its worker runs: on a busy machine that may take longer than pino waits. */
export async function ended(transport: Transport): Promise<void> {
  if (!(transport as Transport & { readonly ready: boolean }).ready) await once(transport, 'ready')
  const closed = once(transport, 'close')
  transport.end()
  await closed
}

export function read(file: string): string {
  return readFileSync(file, 'utf8')
}
