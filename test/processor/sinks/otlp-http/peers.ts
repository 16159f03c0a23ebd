import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

/** A request that has come in full. */
export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Ports of the client tell connections apart. */
  readonly port: number
}

export type Answer = (response: ServerResponse, request: Request) => void

export const ok: Answer = (response) => response.end()

/** Answers with a status, and with headers that go with it. */
export function answer(status: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Answer {
  return (response) => response.writeHead(status, headers).end(body)
}

/** A backend that keeps every request that has come in full before it answers. */
export class HttpPeer {
  readonly requests: Request[] = []
  /** For each request in turn; the last one is for all that follow. */
  answers: Answer[] = [ok]
  readonly server: Server
  #asked = 0

  constructor(server: Server = createServer()) {
    this.server = server
    server.on('request', async (incoming: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = []
      try {
        for await (const chunk of incoming) chunks.push(chunk)
      } catch {
        return
      }
      const { method = '', url = '', headers, rawHeaders, socket } = incoming
      const request = { method, url, headers, rawHeaders, body: Buffer.concat(chunks), port: socket.remotePort ?? 0 }
      this.requests.push(request)
      const answer = this.answers[Math.min(this.#asked, this.answers.length - 1)] ?? ok
      this.#asked += 1
      answer(response, request)
    })
  }

  async listen(port = 0): Promise<this> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening')
    return this
  }

  /** From the next request on. */
  answer(...answers: Answer[]): this {
    this.answers = answers
    this.#asked = 0
    return this
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1/logs`
  }

  async close(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }
}

/** A peer that does with each connection what it is told; `requests` are the heads and bodies that came, as text. */
export class RawPeer {
  readonly server = createTcpServer({ noDelay: true })
  readonly sockets: Socket[] = []

  static async listen(behave: (socket: Socket, connection: number) => void): Promise<RawPeer> {
    const peer = new RawPeer()
    peer.server.on('connection', (socket) => {
      socket.on('error', () => {})
      peer.sockets.push(socket)
      behave(socket, peer.sockets.length - 1)
    })
    await once(peer.server.listen(0, '127.0.0.1'), 'listening')
    return peer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/logs`
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }
}

/** Calls back with each request that has come in full over a raw connection, in Latin-1. */
export function onRequest(socket: Socket, request: (text: string) => void): void {
  let chunks: Buffer[] = []
  let length = 0
  let whole = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    length += chunk.length
    if (length < whole) return
    const text = Buffer.concat(chunks).toString('latin1')
    const head = text.indexOf('\r\n\r\n')
    if (head === -1) return
    whole = head + 4 + Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1])
    // The client waits for each answer: nothing comes behind a request.
    if (length < whole) return
    chunks = []
    length = 0
    whole = 0
    request(text)
  })
}
