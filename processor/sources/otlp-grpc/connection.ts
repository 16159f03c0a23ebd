import type { ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'

/**
 * Bytes that may come of each stream before anybody has looked at any of it (RFC 9113 section 6.9.2). At 65,535, as HTTP/2
 * begins, a client stops six times in a batch of 300 kB and waits to be told to go on.
 */
export const STREAM_WINDOW = 256 * 1024

/** That of all streams together bounds no memory: Node gives it back before anybody has read. */
const CONNECTION_WINDOW = 1024 * 1024

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
    if (this.#session === undefined && session?.destroyed === false) {
      this.#session = session
      // grpc-js has no option for it. Calls that have begun get the larger window too.
      session.settings({ initialWindowSize: STREAM_WINDOW })
      session.setLocalWindowSize(CONNECTION_WINDOW)
    }
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
