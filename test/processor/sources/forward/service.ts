import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { composeWorker } from '../../../../processor/compose-service.ts'
import { generateKeyPair } from '../../../../processor/jwe/private-keys.ts'
import { jsonLog } from '../../../../processor/telemetry/log.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'

const KEYS = generateKeyPair('P-256', 'security-1')

const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [security]}}
`

export interface Service {
  readonly port: number
  readonly folder: string
  /** All that was logged. */
  log(): string
  /** What the sink has written. */
  written(): string
  /** Numbers of the records that were written, in their order. */
  numbers(): number[]
}

/** A whole service in this process, with a Forward source: real source, real engine, a file for a sink. */
export async function startService(source = '', files: Readonly<Record<string, string>> = {}): Promise<Service> {
  const folder = temporaryFolder({ ...files, 'rules.yaml': RULES, 'security.pub.jwk': JSON.stringify(KEYS.publicJwk) })
  writeFileSync(
    join(folder, 'config.yaml'),
    `recipients: {security: {jwk: security.pub.jwk}}
rules: [rules.yaml]
service: {drain: 5s, watch: false}
sources: {in: {type: forward, listen: "127.0.0.1:0"${source}}}
sinks: {archive: {type: file, path: archive.jsonl, format: json_lines}}
`,
  )
  const lines: string[] = []
  const log = jsonLog({ write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream)
  const worker = composeWorker(join(folder, 'config.yaml'), { env: {}, log })
  onTestFinished(() => worker.kill())
  await worker.start()
  const written = () => readFileSync(join(folder, 'archive.jsonl'), 'utf8')
  return {
    port: Number(worker.status().sources.in?.split(':').at(-1)),
    folder,
    log: () => lines.join(''),
    written,
    numbers: () => Array.from(written().matchAll(/"seq":"?(\d+)/g), ([, number]) => Number(number)),
  }
}

/** A record with a number, and with something to be sealed. */
export function numbered(seq: number): { log: string; seq: number } {
  return { log: `user ann.${seq}@example.com signed in`, seq }
}
