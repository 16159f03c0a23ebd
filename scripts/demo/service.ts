import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServiceStatus } from '../../processor/service/admin-pages.ts'
import { holds } from './claims.ts'

const COMMAND = join(import.meta.dirname, '../../processor/cli/main.ts')

type LogLine = Readonly<Record<string, unknown>>

/** `fieldseal run` as a process of its own. */
export class Service {
  readonly #process: ChildProcess
  readonly #events = new Map<string, PromiseWithResolvers<LogLine | undefined>>()
  readonly #ended: Promise<number | null>
  #admin = ''

  constructor(config: string) {
    this.#process = spawn(process.execPath, [COMMAND, 'run', '-c', config], { stdio: ['ignore', 'inherit', 'pipe'] })
    createInterface(this.#process.stderr!).on('line', (line) => this.#line(line))
    this.#ended = once(this.#process, 'close').then(([code]) => {
      for (const { resolve } of this.#events.values()) resolve(undefined)
      return code
    })
  }

  /** Its log has one JSON object a line; what else it writes says why it does not start. */
  #line(line: string): void {
    if (line.startsWith('{')) {
      const entry = JSON.parse(line) as LogLine
      this.#event(String(entry.event)).resolve(entry)
    } else process.stderr.write(`${line}\n`)
  }

  #event(name: string): PromiseWithResolvers<LogLine | undefined> {
    const known = this.#events.get(name)
    if (known !== undefined) return known
    const event = Promise.withResolvers<LogLine | undefined>()
    this.#events.set(name, event)
    return event
  }

  /** Waits until an event is in the log. */
  async logged(event: string): Promise<LogLine> {
    const entry = await this.#event(event).promise
    holds(`the log of the service says "${event}"`, entry !== undefined)
    return entry!
  }

  /** @returns where the source "otlp" listens. */
  async started(): Promise<string> {
    const entry = await this.logged('started')
    this.#admin = String(entry.admin)
    return String(entry['sources.otlp'])
  }

  async status(): Promise<ServiceStatus> {
    const response = await fetch(`http://${this.#admin}/status`)
    return (await response.json()) as ServiceStatus
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name)
  }

  /** @returns the exit code. */
  async end(): Promise<number | null> {
    return await this.#ended
  }
}
