import type { Socket } from 'node:net'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { Connection } from './connection.ts'

/** The two ends of a connection. No two that are open at the same time have both in common. */
export interface Ends {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/** The connections of one source. */
export class Connections {
  readonly #budget: () => ConnectionBudget
  /** Those that have been accepted and cannot carry calls yet. */
  readonly #shaking = new Map<string, Socket>()
  readonly #connections = new Map<string, Connection>()
  #ended: () => void = () => {}

  /** @param budget - the share of a new connection. */
  constructor(budget: () => ConnectionBudget) {
    this.#budget = budget
  }

  /** A connection of which no more is known than that it is there. */
  accepted(socket: Socket): void {
    const key = keyOf(socket)
    this.#shaking.set(key, socket)
    socket.once('close', () => this.#shaking.delete(key))
  }

  /** From now on it can have calls. A socket of TLS and the one below it have their ends in common. @returns false where it is gone. */
  ready(socket: Socket): boolean {
    const key = keyOf(socket)
    if (!this.#shaking.delete(key)) return false
    this.#connections.set(key, new Connection(socket, this.#budget(), () => this.#ended()))
    socket.once('close', () => {
      this.#connections.delete(key)
      this.#ended()
    })
    return true
  }

  of(ends: Ends): Connection | undefined {
    return this.#connections.get(keyOf(ends))
  }

  /** Takes no further call on any connection that there is; handshakes that have begun are broken off. */
  dismiss(): void {
    for (const socket of this.#shaking.values()) socket.destroy()
    for (const connection of this.#connections.values()) connection.dismiss()
  }

  /** Resolves when no call is under way. To be called once. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = () => {
        if ([...this.#connections.values()].every(({ calls }) => calls === 0)) resolve()
      }
      this.#ended()
    })
  }

  destroy(): void {
    for (const socket of this.#shaking.values()) socket.destroy()
    for (const connection of this.#connections.values()) connection.destroy()
  }
}

function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
