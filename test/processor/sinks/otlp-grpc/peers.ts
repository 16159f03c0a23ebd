import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import { asItIs, EXPORT_LOGS, STATUS_DETAILS } from '../../../../processor/http/grpc.ts'
import { encodeStatus, type RpcCode } from '../../../../processor/sources/otlp-http/status.ts'

/** A call that has come in full. */
export interface Call {
  readonly metadata: Metadata
  readonly message: Buffer
  /** Address and port of the client tell connections apart. */
  readonly peer: string
}

export type Answer = (respond: sendUnaryData<Buffer>, call: Call) => void

export const ok: Answer = (respond) => respond(null, Buffer.alloc(0))

/** Answers with a code, and with RetryInfo where seconds are given. */
export function fail(code: number, retrySeconds?: number, details = ''): Answer {
  return (respond) => {
    const metadata = new Metadata()
    if (retrySeconds !== undefined) {
      const status = encodeStatus({ code: code as RpcCode, message: details, retrySeconds }, 'protobuf')
      metadata.set(STATUS_DETAILS, status)
    }
    respond({ code, details, metadata })
  }
}

/** A backend of grpc-js that keeps every call that has come in full before it answers. */
export class GrpcPeer {
  readonly calls: Call[] = []
  /** For each call in turn; the last one is for all that follow. */
  answers: Answer[] = [ok]
  server = new Server()
  port = 0
  readonly #credentials: ServerCredentials
  #asked = 0

  constructor(credentials: ServerCredentials = ServerCredentials.createInsecure()) {
    this.#credentials = credentials
  }

  readonly #handle = (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void => {
    const came = { metadata: call.metadata, message: call.request, peer: call.getPeer() }
    this.calls.push(came)
    const answer = this.answers[Math.min(this.#asked, this.answers.length - 1)] ?? ok
    this.#asked += 1
    answer(respond, came)
  }

  async listen(port = 0): Promise<this> {
    this.server = new Server({ 'grpc.max_receive_message_length': -1 })
    this.server.register(EXPORT_LOGS, this.#handle, asItIs, asItIs, 'unary')
    this.port = await new Promise((resolve, reject) => {
      this.server.bindAsync(`127.0.0.1:${port}`, this.#credentials, (error, bound) => {
        if (error === null) resolve(bound)
        else reject(error)
      })
    })
    return this
  }

  /** From the next call on. */
  answer(...answers: Answer[]): this {
    this.answers = answers
    this.#asked = 0
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  close(): void {
    this.server.forceShutdown()
  }
}

/** A server of Node's own HTTP/2 that does with each stream what it is told, as no server of gRPC would. */
export class RawPeer {
  readonly server: Http2Server = createServer()
  readonly sessions: ServerHttp2Session[] = []
  streams = 0

  static async listen(behave: (stream: ServerHttp2Stream, number: number) => void): Promise<RawPeer> {
    const peer = new RawPeer()
    peer.server.on('session', (session) => {
      session.on('error', () => {})
      peer.sessions.push(session)
    })
    peer.server.on('stream', (stream) => {
      stream.on('error', () => {})
      peer.streams += 1
      behave(stream, peer.streams - 1)
    })
    await new Promise<void>((resolve) => peer.server.listen(0, '127.0.0.1', resolve))
    return peer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const session of this.sessions) session.destroy()
    await closed
  }
}

export const HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const

/** Reads the call, and answers it as it should be. */
export function answerWell(stream: ServerHttp2Stream): void {
  stream.resume()
  stream.once('end', () => {
    if (stream.destroyed) return
    stream.respond(HEADERS, { waitForTrailers: true })
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.alloc(5))
  })
}
