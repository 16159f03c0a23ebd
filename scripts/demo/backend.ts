import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes OTLP requests, as the place where logs are kept does. */
export class Backend {
  readonly #bodies: Buffer[] = []
  #held: PromiseWithResolvers<ServerResponse> | undefined
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    this.#bodies.push(Buffer.concat(chunks))
    if (this.#held === undefined) accept(response)
    else this.#held.resolve(response)
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/logs`
  }

  /** Everything that it was sent, one request a line. */
  get received(): Buffer {
    return Buffer.concat(this.#bodies.flatMap((body) => [body, Buffer.from('\n')]))
  }

  /** Leaves the next request without an answer. @returns when it has come, with what answers it. */
  async hold(): Promise<() => void> {
    this.#held = Promise.withResolvers()
    const response = await this.#held.promise
    this.#held = undefined
    return () => accept(response)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

function accept(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}
