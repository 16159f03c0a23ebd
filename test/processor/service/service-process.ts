import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { ENVIRONMENT } from '../../processes.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')
const KEYS = generateKeyPair('P-256', 'security-1')

export const RULES = 'rules:\n  - {id: mails, detect: [email], path: ["**"], seal: {to: [security], text: whole}}\n'

export interface ServiceOptions {
  /** Options of Node. */
  readonly node?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Entries of `service` in the configuration, beside `admin`. */
  readonly service?: string
  readonly admin?: string
  /** The section `telemetry`. */
  readonly telemetry?: string
  /** Entries of the recipient, beside its key. */
  readonly recipient?: string
  /** Entries of the source. */
  readonly source?: string
  readonly sinks?: string
  readonly rules?: string
}

type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly message: string }

/** `fieldseal run` in a process of its own, as an operator starts it, in a folder of its own. */
export class ServiceProcess {
  readonly folder: string
  readonly child: ChildProcess
  /** How it ended, once it has written all that it writes. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Lines on standard error. */
  readonly lines: string[] = []
  /** What it wrote to standard output. */
  output = ''
  #wrote = () => {}

  constructor({
    node = [],
    env = {},
    service = '',
    admin,
    telemetry = '{}',
    recipient = '',
    source,
    sinks,
    rules = RULES,
  }: ServiceOptions = {}) {
    this.folder = temporaryFolder({
      'security.pub.jwk': JSON.stringify(KEYS.publicJwk),
      'rules.yaml': rules,
      'config.yaml': [
        `recipients: {security: {jwk: security.pub.jwk${recipient}}}`,
        `telemetry: ${telemetry}`,
        'rules: [rules.yaml]',
        `service: {admin: ${admin ?? '{listen: "127.0.0.1:0"}'}${service === '' ? '' : `, ${service}`}}`,
        `sources: {in: {${source?.startsWith('type:') ? '' : 'type: otlp_http, '}${source ?? 'listen: "127.0.0.1:0"'}}}`,
        `sinks: ${sinks ?? '{archive: {type: file, path: archive.jsonl}}'}`,
        '',
      ].join('\n'),
    })
    this.child = spawn(process.execPath, [...node, MAIN, 'run', '-c', 'config.yaml'], {
      cwd: this.folder,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal }))
    this.child.stdout!.on('data', (part: Buffer) => {
      this.output += part.toString('latin1')
    })
    const lines = createInterface(this.child.stderr!)
    lines.on('line', (line) => {
      this.lines.push(line)
      this.#wrote()
    })
    onTestFinished(async () => {
      this.child.kill('SIGKILL')
      await this.ended
    })
  }

  /** Starts it and waits until it takes batches. */
  static async started(options: ServiceOptions = {}): Promise<ServiceProcess> {
    const service = new ServiceProcess(options)
    await Promise.race([
      service.event('started'),
      service.ended.then(() => Promise.reject(new Error(`it did not start: ${service.lines.join('\n')}`))),
    ])
    return service
  }

  get pid(): number {
    return this.child.pid!
  }

  /** All events in the log, whose lines are JSON each. */
  get events(): LogLine[] {
    return this.lines.map((line) => JSON.parse(line) as LogLine)
  }

  /** Waits for the `number`th event of this name. */
  event(name: string, number = 1): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.filter(({ event }) => event === name)[number - 1]
        if (found !== undefined) resolve(found)
      }
      const before = this.#wrote
      this.#wrote = () => {
        before()
        look()
      }
      look()
    })
  }

  async #address(field: string): Promise<string> {
    return (await this.event('started'))[field] as string
  }

  /** Asks the admin listener. */
  async admin(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://${await this.#address('admin')}${path}`)
    return { status: response.status, body: await response.text() }
  }

  async status() {
    return JSON.parse((await this.admin('/status')).body)
  }

  /** Sends one record with this body. @returns the status. */
  async post(text: string): Promise<number> {
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text } }] }] }] }
    const response = await fetch(`http://${await this.#address('sources.in')}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(logs),
    })
    await response.arrayBuffer()
    return response.status
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }
}
