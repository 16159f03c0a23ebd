import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'

/** Requests of one connection that may be under way together. Clients that pipeline at all send a few. */
const MOST_UNDER_WAY = 64

/** Milliseconds for which a connection that has its last answer stays open, for the client to read it. */
const LINGER_MS = 2000

/** One connection, and those of its requests that are not answered. */
export class Connection {
  readonly budget: ConnectionBudget
  readonly #socket: Socket
  readonly #underWay = new Map<ServerResponse, AbortController>()
  readonly #answered: () => void
  #reading: ServerResponse | undefined
  #dismissed = false

  /** @param answered - called each time a request is answered, or will not be any more. */
  constructor(socket: Socket, budget: ConnectionBudget, answered: () => void) {
    this.#socket = socket
    this.budget = budget
    this.#answered = answered
    socket.once('close', () => {
      // Answers that wait for their turn are not told that the connection is gone.
      for (const response of [...this.#underWay.keys()]) this.#end(response)
    })
  }

  get underWay(): number {
    return this.#underWay.size
  }

  get full(): boolean {
    return this.#underWay.size > MOST_UNDER_WAY
  }

  /** A request begins. The signal is aborted when its client goes away before it is answered. */
  begin(response: ServerResponse): AbortSignal {
    const controller = new AbortController()
    this.#underWay.set(response, controller)
    response.once('close', () => this.#end(response))
    return controller.signal
  }

  #end(response: ServerResponse): void {
    const controller = this.#underWay.get(response)
    if (controller === undefined) return
    this.#underWay.delete(response)
    if (!response.writableFinished) controller.abort()
    this.#answered()
  }

  /** Runs while the body of a request is read: what goes wrong on the wire is that request's until then. */
  async reading<T>(response: ServerResponse, read: () => Promise<T>): Promise<T> {
    this.#reading = response
    try {
      return await read()
    } finally {
      if (this.#reading === response) this.#reading = undefined
    }
  }

  /** Whether an error on the wire comes in the middle of a request's body. */
  get inBody(): boolean {
    return this.#reading !== undefined
  }

  /** Whether an answer that is written now could be taken for that to an earlier request. */
  get owesAnswers(): boolean {
    return this.#underWay.size > (this.#reading === undefined ? 0 : 1)
  }

  /**
   * Lets the next answer be the last, and reads nothing more. Closing at once would reset a connection on which bytes
   * are still coming, and the client might lose the answer with it (RFC 9112 section 9.6).
   */
  closeAfterAnswer(): void {
    const socket = this.#socket
    // Node calls it behind an answer with `Connection: close`.
    socket.destroySoon = () => this.linger()
  }

  /** Sends what is the last, and closes once the client has had the time to read it. */
  linger(last?: string): void {
    const socket = this.#socket
    if (socket.destroyed) return
    if (last === undefined) socket.end()
    else socket.end(last)
    socket.pause()
    const timer = setTimeout(() => socket.destroy(), LINGER_MS)
    socket.once('close', () => clearTimeout(timer))
  }

  /** Whoever let this connection in would not do so again. What is under way is answered, and nothing else taken. */
  dismiss(): void {
    this.#dismissed = true
    if (this.#underWay.size === 0) this.destroy()
  }

  get dismissed(): boolean {
    return this.#dismissed
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
