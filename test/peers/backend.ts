import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { StoredBatch } from './arrivals.ts'

/** A request that the backend has stored, as it was before compression. */
export interface Stored extends StoredBatch {
  readonly format: 'otlp-json' | 'otlp-protobuf'
  readonly encoding: string | undefined
}

/** What a backend may do with a request. */
export const BEHAVIOURS = [
  'store',
  'store-late',
  'store-part',
  'store-then-cut-reply',
  'store-then-hang-up',
  'store-then-say-nothing',
  'throttle',
  'refuse',
  'refuse-until',
  'refuse-then-cut-reply',
  'fail-as-gateway',
  'hang-up-in-request',
  'hang-up-before-reply',
] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/** An OTLP/HTTP backend that keeps what it gets, and behaves as it is told. */
export class Backend {
  readonly stored: Stored[] = []
  readonly counts = new Map<Behaviour, number>()
  readonly #server = createServer((request, response) => void this.#answer(request, response).catch(() => {}))
  #next: () => Behaviour = () => 'store'

  static async start(port = 0): Promise<Backend> {
    const backend = new Backend()
    backend.#server.listen(port, '127.0.0.1')
    await once(backend.#server, 'listening')
    return backend
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1/logs`
  }

  /** Forgets what it has, and behaves like this from now on. */
  reset(next: () => Behaviour = () => 'store'): void {
    this.stored.length = 0
    this.counts.clear()
    this.#next = next
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behaviour = this.#next()
    this.counts.set(behaviour, (this.counts.get(behaviour) ?? 0) + 1)
    const type = request.headers['content-type'] ?? ''
    const reply = (status: number, headers: Record<string, string> = {}, body = '') =>
      response.writeHead(status, { 'content-type': type, ...headers }).end(body)
    const hangUp = () => void request.socket.destroy()
    if (behaviour === 'hang-up-in-request') {
      await once(request, 'data')
      return hangUp()
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const store = (part = false) => this.#store(request, Buffer.concat(chunks), part)
    switch (behaviour) {
      case 'store-late':
        await wait(100)
        store()
        return void reply(200)
      case 'store':
        store()
        return void reply(200)
      case 'store-part':
        return void response.writeHead(200, { 'content-type': type }).end(partialSuccess(type, store(true)))
      case 'store-then-cut-reply':
        store()
        return cut(200)
      case 'store-then-hang-up':
        store()
        return hangUp()
      case 'store-then-say-nothing':
        return void store()
      case 'throttle':
        return void reply(429, { 'retry-after': '1' })
      case 'refuse':
        return void reply(503)
      case 'refuse-until':
        return void reply(503, { 'retry-after': new Date(Date.now() + 1000).toUTCString() })
      case 'refuse-then-cut-reply':
        return cut(503)
      case 'fail-as-gateway':
        return void reply(502, { 'content-type': 'text/html' }, '<html>bad gateway</html>')
      case 'hang-up-before-reply':
        return hangUp()
    }

    function cut(status: number): void {
      response.writeHead(status, { 'content-type': type, 'content-length': '1000' })
      response.write('{"part', hangUp)
    }
  }

  /** @returns how many records it did not want. */
  #store(request: IncomingMessage, body: Buffer, part: boolean): number {
    const encoding = request.headers['content-encoding']
    const bytes = encoding === 'gzip' ? gunzipSync(body) : body
    const format = request.headers['content-type'] === 'application/json' ? 'otlp-json' : 'otlp-protobuf'
    const rejected = part ? 3 : 0
    this.stored.push({ format, bytes, encoding, rejected })
    return rejected
  }
}

function partialSuccess(type: string, rejected: number): Buffer {
  if (type === 'application/json')
    return Buffer.from(JSON.stringify({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: 'no' } }))
  // ExportLogsServiceResponse{1 partial_success{1 rejected_log_records, 2 error_message}}
  return Buffer.from([0x0a, 6, 0x08, rejected, 0x12, 2, ...Buffer.from('no')])
}
