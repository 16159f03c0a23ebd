import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeWorker } from '../../../processor/compose-service.ts'
import type { LoadedConfig } from '../../../processor/config/load.ts'
import type { Engine } from '../../../processor/engine.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import type { Worker } from '../../../processor/service/worker.ts'
import { jsonLog } from '../../../processor/telemetry/log.ts'

export const KEYS = generateKeyPair('P-256', 'security-1')

/** A backend that takes everything, and keeps it. */
export class Backend {
  readonly bodies: Buffer[] = []
  /** Status codes for the next requests; 200 afterwards. */
  readonly statuses: number[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const status = this.statuses.shift() ?? 200
        if (status === 200) this.bodies.push(Buffer.concat(parts))
        response.writeHead(status).end()
      })
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

export interface Service {
  readonly worker: Worker
  readonly backend: Backend
  readonly folder: string
  /** All that was logged. */
  log(): string
  /** What the file sink has written. */
  file(): Buffer
  writeRules(text: string): void
  post(
    body: string | Uint8Array,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Buffer; headers: Headers }>
  close(): Promise<void>
}

export const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [security]}}
  - {id: names, key: ['^name$'], seal: {to: [security]}}
`

/** A whole service over loopback, in this process: real source, real engine, real sinks. */
export async function startService(
  options: { rules?: string; engine?: (loaded: LoadedConfig) => Engine; source?: string; sink?: string } = {},
): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-service-'))
  const backend = new Backend()
  const port = await backend.listen()
  const writeRules = (text: string) => writeFileSync(join(folder, 'rules.yaml'), text)
  writeFileSync(join(folder, 'security.pub.jwk'), JSON.stringify(KEYS.publicJwk))
  writeRules(options.rules ?? RULES)
  writeFileSync(
    join(folder, 'config.yaml'),
    `recipients: {security: {jwk: security.pub.jwk}}
rules: [rules.yaml]
service: {drain: 5s, watch: false}
sources: {in: {type: otlp_http, listen: "127.0.0.1:0"${options.source ?? ''}}}
sinks:
  backend: {type: otlp_http, endpoint: "http://127.0.0.1:${port}/v1/logs"${options.sink ?? ''}}
  archive: {type: file, path: archive.jsonl}
`,
  )
  const lines: string[] = []
  const log = jsonLog({ write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream)
  const { engine } = options
  const worker = composeWorker(join(folder, 'config.yaml'), {
    env: {},
    log,
    ...(engine === undefined ? {} : { engine }),
  })
  await worker.start()
  const address = worker.status().sources.in
  return {
    worker,
    backend,
    folder,
    log: () => lines.join(''),
    file: () => readFileSync(join(folder, 'archive.jsonl')),
    writeRules,
    async post(body, headers = {}) {
      const response = await fetch(`http://${address}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()), headers: response.headers }
    },
    async close() {
      await worker.kill()
      await backend.close()
    },
  }
}

/** One record in OTLP JSON. */
export function request(body: string, attributes: Record<string, string> = {}): string {
  return JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              {
                body: { stringValue: body },
                attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
              },
            ],
          },
        ],
      },
    ],
  })
}
