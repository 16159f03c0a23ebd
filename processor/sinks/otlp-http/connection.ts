import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { type buildConnector, Client } from 'undici'
import { type Carrier, Exchange } from './exchange.ts'

/** What is read of a reply's body, and of its header, before the connection is closed. */
const MOST_BODY_BYTES = 64 * 1024
const MOST_HEADER_BYTES = 16 * 1024

/** Milliseconds. Backends that close earlier say so, or are noticed: a stale connection costs one more attempt. */
const IDLE_MS = 30_000

export interface ConnectionSettings {
  readonly origin: string
  /** With its query. */
  readonly path: string
  /** Milliseconds for one request, connecting included. */
  readonly timeout: number
  /** Opens sockets, with TLS where the origin is https. */
  readonly connector: buildConnector.connector
}

/** One connection to a backend, opened when it is needed and kept open: one request at a time. */
export class Connection implements Carrier {
  readonly #settings: ConnectionSettings
  #client: Client
  #socket: Socket | undefined
  #replies = 0

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
    this.#client = this.#open()
  }

  get used(): boolean {
    return this.#replies > 0
  }

  get unsent(): number {
    return this.#socket?.writableLength ?? 0
  }

  /** Sends a request. A connection that turns out to have been closed by then is opened once more, at once. */
  post(headers: string[], body: Buffer, done: (exchange: Exchange) => void): void {
    this.#post(headers, body, (exchange) => {
      if (exchange.stale) this.#post(headers, body, done)
      else done(exchange)
    })
  }

  #post(headers: string[], body: Buffer, done: (exchange: Exchange) => void): void {
    const exchange = new Exchange(this, this.#settings.timeout, (ended) => {
      if (ended.failure === undefined) this.#replies += 1
      done(ended)
    })
    this.#client.dispatch({ path: this.#settings.path, method: 'POST', headers, body }, exchange)
  }

  reset(): void {
    const before = this.#client
    this.#client = this.#open()
    void destroy(before)
  }

  close(): Promise<void> {
    return destroy(this.#client)
  }

  #open(): Client {
    this.#socket = undefined
    this.#replies = 0
    const client = new Client(this.#settings.origin, {
      allowH2: false,
      useMilo: false,
      pipelining: 1,
      connect: (options, callback) => this.#settings.connector(options, this.#connected(callback)),
      // The time of an exchange is limited as a whole: undici's clocks start again with each byte.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      maxHeaderSize: MOST_HEADER_BYTES,
      maxResponseSize: MOST_BODY_BYTES,
    })
    // What concerns a request, its exchange is told; the rest is undici's own, and must not end the process.
    const emitter: EventEmitter = client
    emitter.on('error', () => {})
    return client
  }

  #connected(callback: buildConnector.Callback): buildConnector.Callback {
    return (...outcome) => {
      const [, socket] = outcome
      if (socket !== null) {
        this.#socket = socket
        this.#replies = 0
      }
      callback(...outcome)
    }
  }
}

async function destroy(client: Client): Promise<void> {
  // It rejects where it has been destroyed before.
  await client.destroy().catch(() => {})
}
