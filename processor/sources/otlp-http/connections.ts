import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { Connection } from './connection.ts'

/** The connections of one server. */
export class Connections {
  readonly #budget: () => ConnectionBudget
  /** Every socket, also of those that are still shaking hands. */
  readonly #sockets = new Set<Socket>()
  readonly #connections = new Map<Socket, Connection>()
  /** Clients whose handshake began before the last `dismiss`. */
  readonly #dismissed = new Set<string>()
  #answered: () => void = () => {}

  /** @param budget - the share of a new connection. */
  constructor(budget: () => ConnectionBudget) {
    this.#budget = budget
  }

  watch(server: Server, secure: boolean): void {
    server.on('connection', (socket: Socket) => {
      const client = clientOf(socket)
      this.#sockets.add(socket)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.#dismissed.delete(client)
      })
    })
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => {
      const connection = new Connection(socket, this.#budget(), () => this.#answered())
      this.#connections.set(socket, connection)
      socket.once('close', () => this.#connections.delete(socket))
      if (this.#dismissed.has(clientOf(socket))) connection.dismiss()
    })
  }

  of(socket: Socket): Connection | undefined {
    return this.#connections.get(socket)
  }

  /** Takes no further request on any connection that there is, or whose handshake has begun. */
  dismiss(): void {
    for (const socket of this.#sockets) this.#dismissed.add(clientOf(socket))
    for (const connection of this.#connections.values()) connection.dismiss()
  }

  /** Resolves when no request is under way. To be called once. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = () => {
        if ([...this.#connections.values()].every(({ underWay }) => underWay === 0)) resolve()
      }
      this.#answered()
    })
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** The other end. A socket of TLS and the one below it have it in common. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
