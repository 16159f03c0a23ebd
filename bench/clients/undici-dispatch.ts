import { type Dispatcher, Pool } from 'undici'
import { CONNECTIONS, HEADERS, type HttpClient, PATH } from './client.ts'

/** undici's own lowest level: no streams, no promises. */
export function undiciDispatch(port: number): HttpClient {
  const origin = `http://127.0.0.1:${port}`
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1, allowH2: false })
  return {
    post(body, done) {
      pool.dispatch({ origin, path: PATH, method: 'POST', headers: HEADERS, body }, new Reply(done))
    },
  }
}

class Reply implements Dispatcher.DispatchHandler {
  readonly #done: (status: number) => void
  #status = 0

  constructor(done: (status: number) => void) {
    this.#done = done
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#done(this.#status)
  }

  onResponseError(): void {
    this.#done(0)
  }
}
