import type { Server, Socket } from 'node:net'
import { ByteBudget } from '../../pipeline/byte-budget.ts'
import type { SourceContext } from '../source.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import type { Credentials } from './credentials.ts'
import type { ForwardSourceSettings } from './settings.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two looks for connections that are too slow. */
const CHECK_MS = 1000

/** Bytes that all connections together have read, and for which they wait for room: at most 64 KiB of each. */
const UNRESERVED_BYTES = 16 * 1024 * 1024

/** The connections of one source. */
export class Connections {
  readonly #parts: ConnectionParts
  readonly #context: SourceContext
  /** Every socket, also of those that are still shaking hands. */
  readonly #sockets = new Set<Socket>()
  readonly #connections = new Set<Connection>()
  readonly #clock: NodeJS.Timeout
  /** Clients whose TLS handshake began before the last `dismiss`. */
  readonly #dismissed = new Set<string>()
  #finishing = false
  #finished: () => void = () => {}

  constructor(settings: ForwardSourceSettings, context: SourceContext, tally: Tally) {
    this.#context = context
    this.#parts = {
      settings,
      tally,
      deliver: context.deliver,
      unreserved: new ByteBudget(UNRESERVED_BYTES),
      changed: () => this.#changed(),
    }
    this.#clock = setInterval(() => this.#checkTime(), CHECK_MS)
    this.#clock.unref()
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const client = clientOf(socket)
      this.#sockets.add(socket)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.#dismissed.delete(client)
      })
    })
  }

  add(socket: Socket, credentials: Credentials | undefined): void {
    const budget = this.#context.budget.connection(this.#context.connectionBytes)
    const connection = new Connection(socket, budget, credentials, this.#parts)
    this.#connections.add(connection)
    // At the very end of its own work.
    socket.once('close', () => this.#changed())
    if (this.#finishing || this.#dismissed.has(clientOf(socket))) connection.finish(false)
  }

  /** Takes no further message on any connection that there is, or whose handshake has begun. */
  dismiss(): void {
    for (const socket of this.#sockets) this.#dismissed.add(clientOf(socket))
    for (const connection of this.#connections) connection.finish(true)
  }

  /** Takes no further message. Resolves when all are settled and answered. To be called once. */
  finish(): Promise<void> {
    this.#finishing = true
    for (const connection of this.#connections) connection.finish(true)
    return new Promise((resolve) => {
      this.#finished = resolve
      this.#changed()
    })
  }

  #changed(): void {
    if (!this.#finishing) return
    for (const connection of this.#connections) if (connection.underWay) return
    this.#finished()
  }

  #checkTime(): void {
    const now = performance.now()
    for (const connection of this.#connections) {
      if (connection.closed) this.#connections.delete(connection)
      else connection.checkTime(now)
    }
  }

  destroy(): void {
    clearInterval(this.#clock)
    for (const connection of this.#connections) connection.destroy()
    for (const socket of this.#sockets) socket.destroy()
    this.#connections.clear()
    this.#changed()
  }
}

/** The other end. A socket of TLS and the one below it have it in common. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
