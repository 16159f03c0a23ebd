import type { ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'

/** One connection, and its calls. */
export class Connection {
  readonly budget: ConnectionBudget
  readonly #socket: Socket
  readonly #ended: () => void
  #session: ServerHttp2Session | undefined
  #calls = 0
  #dismissed = false

  /** @param ended - called each time a call has ended. */
  constructor(socket: Socket, budget: ConnectionBudget, ended: () => void) {
    this.#socket = socket
    this.budget = budget
    this.#ended = ended
  }

  /** Calls that have not ended. */
  get calls(): number {
    return this.#calls
  }

  begin(session: ServerHttp2Session | undefined): void {
    this.#session ??= session
    this.#calls += 1
  }

  end(): void {
    this.#calls -= 1
    this.#ended()
  }

  /** Whoever let this connection in would not do so again. What is under way is answered, and nothing else taken. */
  dismiss(): void {
    this.#dismissed = true
    // GOAWAY (RFC 9113 section 6.8), and the end once no stream is left.
    if (this.#session === undefined || this.#calls === 0) this.destroy()
    else this.#session.close()
  }

  get dismissed(): boolean {
    return this.#dismissed
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
