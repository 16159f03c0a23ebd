import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Arrivals } from '../../../processor/canary/arrivals.ts'
import { FileArrivals } from '../../../processor/canary/file-arrivals.ts'
import { canaryKey } from '../../../processor/canary/judge.ts'
import { CanaryRuns, type CanarySettings, type RunResult } from '../../../processor/canary/runs.ts'
import { composeWorker } from '../../../processor/compose-service.ts'
import { loadConfig } from '../../../processor/config/load.ts'
import { generateKeyPair, privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

export const KEYS = {
  security: generateKeyPair('P-256', 'security-1'),
  canary: generateKeyPair('X25519', 'canary-1'),
  /** Of the name of the canary's, and another one. */
  impostor: generateKeyPair('X25519', 'canary-1'),
  stranger: generateKeyPair('P-256', 'stranger-1'),
}

export type KeyName = keyof typeof KEYS

export const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [default]}}
  - {id: passwords, detect: [password], path: ["**"], seal: {to: [default], text: whole}}
  - {id: names, path: attributes.user.name, seal: {to: [security, canary]}}
  - {id: numbers, path: body.order.number, seal: {to: [default]}, where: {resource.service.name: [shop]}}
  - {id: hosts, path: 'resource["host name"]', drop: {}}
  - {id: cards, detect: [payment_card], path: ["**"], mask: {keep_last: 4}}
`

export interface Deployed {
  readonly rules?: string
  /** The public key behind each recipient. */
  readonly recipients?: Readonly<Record<string, KeyName>>
  readonly group?: readonly string[]
  readonly sinks?: string
  readonly more?: string
}

/** A configuration with its files, in a folder of its own. */
export function deployed({ rules = RULES, recipients, group, sinks, more = '' }: Deployed = {}): string {
  const names = recipients ?? { security: 'security', canary: 'canary' }
  const folder = temporaryFolder({
    'rules.yaml': rules,
    'config.yaml': [
      `recipients: {${Object.keys(names)
        .map((name) => `${name}: {jwk: ${name}.pub.jwk}`)
        .join(', ')}}`,
      `groups: {default: [${(group ?? Object.keys(names)).join(', ')}]}`,
      'rules: [rules.yaml]',
      'service: {admin: {listen: "127.0.0.1:0"}, watch: false}',
      'sources: {in: {type: otlp_http, listen: "127.0.0.1:0"}}',
      `sinks: ${sinks ?? '{archive: {type: file, path: archive.jsonl}}'}`,
      more,
      '',
    ].join('\n'),
  })
  for (const [name, key] of Object.entries(names))
    writeFileSync(join(folder, `${name}.pub.jwk`), JSON.stringify(KEYS[key].publicJwk))
  return folder
}

/** A whole service in this process: real source, engine and sinks. @returns where it listens. */
export async function serve(folder: string): Promise<string> {
  const worker = composeWorker(join(folder, 'config.yaml'), { env: {}, log: () => {} })
  await worker.start()
  onTestFinished(() => worker.kill())
  return `http://${worker.status().sources.in}/v1/logs`
}

/** One run of a canary that has the configuration of `folder`. */
export async function runOnce(
  folder: string,
  endpoint: string,
  {
    arrivals,
    keys = ['canary'],
    ...settings
  }: Partial<Omit<CanarySettings, 'keys'>> & {
    readonly arrivals: Arrivals
    readonly keys?: readonly KeyName[]
  },
): Promise<RunResult> {
  const runs = new CanaryRuns(
    {
      load: () => loadConfig(join(folder, 'config.yaml'), { env: {} }),
      keys: keys.map((name) => canaryKey(privateKeyFromJwk(KEYS[name].privateJwk), 1 << 20)),
      plants: [],
      endpoint: { url: new URL(endpoint), headers: {}, tls: undefined },
      clear: undefined,
      timeout: 20_000,
      ...settings,
    },
    arrivals,
  )
  await runs.start()
  try {
    return await runs.run()
  } finally {
    await runs.close()
  }
}

export function archiveOf(folder: string): Arrivals {
  return new FileArrivals(join(folder, 'archive.jsonl'))
}

/** What is wrong, each once: code and recipient. */
export function faultsOf({ faults }: RunResult): string[] {
  return [
    ...new Set(faults.map(({ code, recipient }) => (recipient === undefined ? code : `${code}: ${recipient}`))),
  ].sort()
}
