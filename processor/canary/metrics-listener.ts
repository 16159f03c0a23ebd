import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback, isLoopbackHost, type ListenAddress } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'

/** Serves `/metrics` to this machine. */
export class MetricsListener {
  readonly #server: Server
  readonly #listen: ListenAddress

  constructor(listen: ListenAddress, page: () => string) {
    this.#listen = listen
    this.#server = createServer((request, response) => {
      const isOurs = isLoopbackHost(request.headers.host)
      const isThere = isOurs && request.url?.split('?', 1)[0] === '/metrics' && request.method === 'GET'
      response.writeHead(isThere ? 200 : isOurs ? 404 : 403, {
        'content-type': isThere ? 'text/plain; version=0.0.4; charset=utf-8' : 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'close',
      })
      response.end(isThere ? page() : isOurs ? 'not found\n' : 'forbidden\n')
    })
  }

  /** `127.0.0.1:9464`; only after `start`. */
  get address(): string {
    const { address, family, port } = this.#server.address() as AddressInfo
    return `${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  /** @throws FieldsealError `FIELDSEAL_LISTEN_FAILED` */
  async start(): Promise<void> {
    const { host, port } = this.#listen
    const failed = (problem: string) => new FieldsealError('FIELDSEAL_LISTEN_FAILED', `--metrics-listen: ${problem}`)
    if (!isLoopback(this.#listen)) throw failed('the page is for this machine alone')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', () => reject(failed(`${host}:${port} cannot be listened on`)))
    this.#server.listen({ host, port }, resolve)
    await promise
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
