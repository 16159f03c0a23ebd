import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback, isLoopbackHost, type ListenAddress } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'
import { type AdminPages, type Answer, adminAnswer } from './admin-pages.ts'
import { listenOnSocket } from './admin-socket.ts'

/** Where the admin listener is: a loopback address, or the absolute path of a unix socket. */
export type AdminAddress = { readonly listen: ListenAddress } | { readonly socket: string }

const MAX_CONNECTIONS = 64
const TIMEOUT_MS = 5_000

/**
 * `/livez`, `/readyz`, `/status` and `/metrics`, for this machine alone.
 *
 * There is no way to change anything here, and nothing of a record in what it is made of.
 */
export class AdminListener {
  readonly #address: AdminAddress
  readonly #server: Server

  constructor(address: AdminAddress, pages: AdminPages) {
    this.#address = address
    const overTcp = 'listen' in address
    this.#server = createServer(
      {
        maxHeaderSize: 8 * 1024,
        headersTimeout: TIMEOUT_MS,
        requestTimeout: TIMEOUT_MS,
        // HTTP/1.0 has no Host, and who sends none is no browser.
        requireHostHeader: false,
      },
      (request, response) => {
        respond(request, response, overTcp, pages).catch(() => response.destroy())
      },
    )
    this.#server.maxConnections = MAX_CONNECTIONS
    this.#server.timeout = TIMEOUT_MS
    this.#server.on('clientError', (_error, socket) => socket.destroy())
  }

  /** Where it listens: `127.0.0.1:8890`, or the path of the socket; empty before `start`. */
  get address(): string {
    const address = this.#server.address() as AddressInfo | string | null
    if (address === null || typeof address === 'string') return address ?? ''
    return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
  }

  /** @throws `FIELDSEAL_LISTEN_FAILED` */
  async start(): Promise<void> {
    const address = this.#address
    if ('socket' in address) return listenOnSocket(this.#server, address.socket)
    const { host, port } = address.listen
    const failed = (problem: string) => new FieldsealError('FIELDSEAL_LISTEN_FAILED', `admin: ${problem}`)
    if (!isLoopback(address.listen)) throw failed('the listener is for this machine alone')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', () => reject(failed(`${host}:${port} cannot be listened on`)))
    this.#server.listen({ host, port }, resolve)
    await promise
  }

  /** Ends connections too. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.#server.closeAllConnections()
    await promise
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, overTcp: boolean, pages: AdminPages) {
  const answer: Answer =
    overTcp && !isLoopbackHost(request.headers.host)
      ? { status: 403, type: 'text/plain; charset=utf-8', body: 'forbidden\n' }
      : await adminAnswer(request.method ?? '', request.url ?? '', pages)
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A body that came with the request is not read, and so nothing can follow it.
    connection: 'close',
    ...(answer.status === 405 ? { allow: 'GET, HEAD' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}
