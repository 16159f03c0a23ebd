import { setTimeout as wait } from 'node:timers/promises'
import type { Batch } from '../workloads/batch.ts'
import type { Answer, Connection, Protocol } from './protocols/protocol.ts'

export interface Load {
  readonly protocol: Protocol
  /** Of the service, at 127.0.0.1. */
  readonly port: number
  /** Connections, each with one request at a time, the next one as soon as the last is answered. */
  readonly connections: number
  /** As the protocol has them, sent in turn; each request has a number of its own. */
  readonly batches: readonly Batch[]
  /** Requests after which the load ends by itself. */
  readonly requests?: number
}

/** Milliseconds before a batch is sent again where the answer was lost or says no time. */
const WAIT_MS = 1000
const REFUSED: ReadonlySet<number> = new Set([429, 503])

/**
 * Sends batches until it is told to stop. What is refused for now (429, 503) is sent again after the time that the
 * answer asks for; every other answer than 200 is a problem.
 */
export class LoadGenerator {
  readonly #load: Load
  readonly #requests: readonly ((sequence: number) => readonly Buffer[])[]
  readonly #connections: readonly Connection[]
  readonly #problems = new Set<string>()
  #done: Promise<unknown> = Promise.resolve()
  #issued = 0
  #accepted = 0
  #refused = 0
  #lost = 0
  #stopped = false

  constructor(load: Load) {
    this.#load = load
    this.#requests = load.batches.map((batch) => load.protocol.request(batch))
    this.#connections = Array.from({ length: load.connections }, () => load.protocol.connect(load.port))
  }

  /** Requests that have a number: those from 0 up to this one. */
  get issued(): number {
    return this.#issued
  }

  get accepted(): number {
    return this.#accepted
  }

  /** Answers 429 and 503. */
  get refused(): number {
    return this.#refused
  }

  /** Connections that ended before an answer came. */
  get lost(): number {
    return this.#lost
  }

  get problems(): readonly string[] {
    return [...this.#problems]
  }

  start(): void {
    this.#done = Promise.all(this.#connections.map((connection) => this.#work(connection)))
  }

  /** Resolves once `requests` of the load are answered. */
  finished(): Promise<unknown> {
    return this.#done
  }

  /** Sends nothing new, and resolves once everything that was sent is answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#done
  }

  /** Gives up what is not answered. */
  close(): void {
    this.#stopped = true
    for (const connection of this.#connections) connection.close()
  }

  async #work(connection: Connection): Promise<void> {
    while (!this.#stopped && this.#issued < (this.#load.requests ?? Number.POSITIVE_INFINITY)) {
      const sequence = this.#issued
      this.#issued += 1
      const parts = this.#requests[sequence % this.#requests.length]!(sequence)
      if (!(await this.#deliver(connection, parts))) return
      this.#accepted += 1
    }
    connection.close()
  }

  /** @returns false where it cannot be delivered. */
  async #deliver(connection: Connection, parts: readonly Buffer[]): Promise<boolean> {
    for (;;) {
      const answer = await this.#exchange(connection, parts)
      if (answer?.status === 200) return true
      if (answer === undefined) this.#lost += 1
      else if (REFUSED.has(answer.status)) this.#refused += 1
      else {
        this.#problems.add(`a request was answered ${answer.status}`)
        return false
      }
      if (this.#stopped && answer === undefined) return false
      await wait(answer?.retryAfterSeconds === undefined ? WAIT_MS : answer.retryAfterSeconds * 1000)
    }
  }

  async #exchange(connection: Connection, parts: readonly Buffer[]): Promise<Answer | undefined> {
    try {
      return await connection.exchange(parts)
    } catch {
      return undefined
    }
  }
}
