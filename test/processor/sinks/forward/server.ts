import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { decodeMultiStream, encode } from '@msgpack/msgpack'

/** A message as it came, with the entries inflated. */
export interface Received {
  readonly tag: string
  /** What stands in the second place, as bytes; in Message mode the time and record. */
  readonly entries: Uint8Array
  readonly elements: readonly unknown[]
  readonly option: Readonly<Record<string, unknown>>
  /** Number of the connection, from 0. */
  readonly connection: number
}

export interface Security {
  readonly key: string
  readonly hostname?: string
  readonly users?: Readonly<Record<string, string>>
  readonly keepalive?: boolean
}

export interface ServerOptions {
  readonly security?: Security
  readonly tls?: TlsOptions
}

export type Behave = (received: Received, socket: Socket, ack: () => void) => void

/** What a receiver that is in order does. */
export const acknowledge: Behave = (_received, _socket, ack) => ack()

/** A small server of Fluent Forward (Forward Protocol v1) that shares no code with the sink. */
export class FluentServer {
  readonly received: Received[] = []
  readonly sockets: Socket[] = []
  /** With those whose hands were never shaken. */
  connections = 0
  behave: Behave = acknowledge
  readonly #server: Server
  readonly #security: Security | undefined

  private constructor({ security, tls }: ServerOptions) {
    this.#security = security
    const serve = (socket: Socket): void => this.#serve(socket)
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
    this.#server.on('connection', () => {
      this.connections += 1
    })
    // Hands that were not shaken.
    this.#server.on('tlsClientError', () => {})
  }

  static async listen(options: ServerOptions = {}, port = 0): Promise<FluentServer> {
    const server = new FluentServer(options)
    await once(server.#server.listen(port, '127.0.0.1'), 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    const connection = this.sockets.push(socket) - 1
    socket.on('error', () => {})
    // A connection that was lost amid a value is no news.
    this.#converse(socket, connection).catch(() => {})
  }

  async #converse(socket: Socket, connection: number): Promise<void> {
    const values = decodeMultiStream(socket)
    if (this.#security !== undefined && !(await this.#authenticate(socket, values, this.#security))) return
    for await (const value of values) {
      const message = receivedOf(value as unknown[], connection)
      this.received.push(message)
      const { chunk } = message.option
      this.behave(message, socket, () => chunk !== undefined && socket.write(encode({ ack: chunk })))
    }
  }

  async #authenticate(socket: Socket, values: AsyncGenerator<unknown>, security: Security): Promise<boolean> {
    const { key, hostname = 'receiver', users, keepalive = true } = security
    const [nonce, auth] = [randomBytes(16), users === undefined ? Buffer.alloc(0) : randomBytes(16)]
    socket.write(encode(['HELO', { nonce, auth, keepalive }]))
    const { value } = await values.next()
    const [kind, name, salt, digest, user, password] = value as [string, string, string, string, string, string]
    const right =
      kind === 'PING' &&
      typeof salt === 'string' &&
      digest === sha512(salt, name, nonce, key) &&
      (users === undefined
        ? user === '' && password === ''
        : user in users && password === sha512(auth, user, users[user] ?? ''))
    if (right) {
      socket.write(encode(['PONG', true, '', hostname, sha512(salt, hostname, nonce, key)]))
      return true
    }
    socket.end(encode(['PONG', false, 'canary-reason', '', '']))
    return false
  }
}

function receivedOf(value: unknown[], connection: number): Received {
  const [tag, second] = value
  const option = value.at(-1) as Received['option']
  const packed = second instanceof Uint8Array
  const entries = packed
    ? option.compressed === 'gzip'
      ? gunzipSync(second)
      : second
    : Buffer.concat(value.slice(1, 3).map((part) => encode(part)))
  return { tag: tag as string, entries, elements: value, option, connection }
}

export function sha512(...parts: (string | Uint8Array)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha512')).digest('hex')
}
