import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { ConnectionBatches, type Journal, type Kept } from './kept-batches.ts'

/** What a backend over gRPC may do with a call. `in-body`: when a part of the message has come. */
export const GRPC_BEHAVIOURS = [
  'store',
  'store-late',
  'store-part',
  'store-then-go-away',
  'store-then-say-nothing',
  'store-then-say-unavailable',
  'store-then-reset',
  'store-then-hang-up',
  'unavailable',
  'unavailable-for-a-while',
  'exhausted-for-a-while',
  'aborted',
  'data-loss',
  'no-grpc',
  'cut-answer',
  'refuse-stream',
  'reset-in-body',
  'cancel-in-body',
  'go-away-in-body',
  'go-away-with-error-in-body',
  'hang-up-in-body',
  'hang-up-before-storing',
] as const
/** What it may say of a batch that it never wants, no matter how often it is asked. */
export const FOR_GOOD = ['exhausted', 'invalid'] as const
export type GrpcBehaviour = (typeof GRPC_BEHAVIOURS)[number] | (typeof FOR_GOOD)[number]

const HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const
/** Milliseconds: far below what a sink waits. */
const LATE = 100
/** Records that are not wanted, of those that are stored in part. */
const UNWANTED = 3

/** ExportLogsServiceResponse{1 partial_success{1 rejected_log_records, 2 error_message}}. */
const PARTIAL = Buffer.from([0x0a, 6, 0x08, UNWANTED, 0x12, 2, ...Buffer.from('no')])

const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = constants

const UNAVAILABLE = 14

/** Codes of gRPC, and whether RetryInfo comes with them. */
const REFUSALS: Partial<Record<GrpcBehaviour, readonly [code: number, later: boolean]>> = {
  unavailable: [UNAVAILABLE, false],
  'unavailable-for-a-while': [UNAVAILABLE, true],
  'exhausted-for-a-while': [8, true],
  aborted: [10, false],
  'data-loss': [15, false],
  exhausted: [8, false],
  invalid: [3, false],
}

/** An OTLP/gRPC backend of nothing but Node's HTTP/2 that keeps what it gets, and behaves as it is told. */
export class FaultyGrpcBackend {
  readonly stored: Kept[] = []
  readonly counts = new Map<GrpcBehaviour, number>()
  readonly #connections = new Map<ServerHttp2Session, GrpcConnection>()
  readonly #server = createServer()
  #next: () => GrpcBehaviour

  private constructor(next: () => GrpcBehaviour, journal: Journal | undefined) {
    this.#next = next
    this.#server.on('session', (session) => {
      session.on('error', () => {})
      session.on('close', () => this.#connections.delete(session))
      this.#connections.set(session, new GrpcConnection(session, new ConnectionBatches(this.stored, journal)))
    })
    this.#server.on('stream', (stream) => {
      stream.on('error', () => {})
      void this.#serve(stream).catch(() => {})
    })
  }

  static async start(
    next: () => GrpcBehaviour = () => 'store',
    port = 0,
    journal?: Journal,
  ): Promise<FaultyGrpcBackend> {
    const backend = new FaultyGrpcBackend(next, journal)
    await once(backend.#server.listen(port, '127.0.0.1'), 'listening')
    return backend
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Forgets what it has, and behaves like this from now on. */
  reset(next: () => GrpcBehaviour): void {
    this.stored.length = 0
    this.counts.clear()
    this.#next = next
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const session of this.#connections.keys()) session.destroy()
    await closed
  }

  async #serve(stream: ServerHttp2Stream): Promise<void> {
    const connection = this.#connections.get(stream.session as ServerHttp2Session)
    // Its client sends it again over another connection.
    if (connection === undefined || !connection.takes(stream)) {
      stream.close(NGHTTP2_REFUSED_STREAM)
      return
    }
    const behaviour = this.#next()
    this.counts.set(behaviour, (this.counts.get(behaviour) ?? 0) + 1)
    if (behaviour === 'refuse-stream') stream.close(NGHTTP2_REFUSED_STREAM)
    else if (behaviour.endsWith('-in-body')) {
      await once(stream, 'data')
      connection.breakOff(stream, behaviour)
    } else {
      await this.#take(stream, connection, behaviour)
    }
  }

  async #take(stream: ServerHttp2Stream, connection: GrpcConnection, behaviour: GrpcBehaviour): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of stream) parts.push(part)
    // It was given up, or nobody will hear of it.
    if (stream.destroyed || !connection.takes(stream)) return
    const [code, later] = REFUSALS[behaviour] ?? []
    if (behaviour === 'hang-up-before-storing') {
      connection.hangUp()
    } else if (code !== undefined) {
      refuse(stream, code, later)
    } else if (behaviour === 'no-grpc') {
      stream.respond({ ':status': 502, 'content-type': 'text/html' })
      stream.end('<html>bad gateway</html>')
    } else if (behaviour === 'cut-answer') {
      stream.respond(HEADERS)
      stream.write(Buffer.alloc(3), () => connection.hangUp())
    } else {
      const bytes = messageOf(Buffer.concat(parts))
      const rejected = behaviour === 'store-part' ? UNWANTED : 0
      const kept = connection.batches.keep({ format: 'otlp-protobuf', bytes, rejected })
      if (behaviour === 'store-late') await wait(LATE)
      if (!stream.destroyed && connection.takes(stream)) connection.answer(stream, behaviour, kept)
    }
  }
}

/** One connection, and which of its calls are still answered. */
class GrpcConnection {
  readonly batches: ConnectionBatches
  readonly #session: ServerHttp2Session
  /** No call after this one is answered (RFC 9113 section 6.8). */
  #last = Number.POSITIVE_INFINITY

  constructor(session: ServerHttp2Session, batches: ConnectionBatches) {
    this.#session = session
    this.batches = batches
  }

  takes({ id = 0 }: ServerHttp2Stream): boolean {
    return !this.#session.destroyed && id <= this.#last
  }

  hangUp(): void {
    this.batches.reset()
    this.#session.destroy()
  }

  breakOff(stream: ServerHttp2Stream, behaviour: GrpcBehaviour): void {
    // What is still to come is read, and thrown away.
    stream.resume()
    const { id = 0 } = stream
    if (behaviour === 'reset-in-body') {
      stream.close(NGHTTP2_INTERNAL_ERROR)
    } else if (behaviour === 'cancel-in-body') {
      stream.close(NGHTTP2_CANCEL)
    } else if (behaviour === 'go-away-in-body') {
      this.#last = Math.min(this.#last, id - 2)
      this.#session.goaway(NGHTTP2_NO_ERROR, this.#last)
    } else if (behaviour === 'go-away-with-error-in-body') {
      // Whoever reads it reads nothing more, and has read what was said before.
      this.#last = 0
      this.#session.goaway(NGHTTP2_INTERNAL_ERROR)
    } else {
      this.hangUp()
    }
  }

  answer(stream: ServerHttp2Stream, behaviour: GrpcBehaviour, kept: Kept): void {
    if (behaviour === 'store-then-say-nothing') return
    if (behaviour === 'store-then-say-unavailable') {
      refuse(stream, UNAVAILABLE)
    } else if (behaviour === 'store-then-reset') {
      stream.close(NGHTTP2_INTERNAL_ERROR)
    } else if (behaviour === 'store-then-hang-up') {
      this.hangUp()
    } else {
      // What has begun is answered, and nothing else taken.
      if (behaviour === 'store-then-go-away') this.#session.close()
      this.batches.acknowledge(kept)
      const response = kept.rejected === 0 ? Buffer.alloc(0) : PARTIAL
      stream.respond(HEADERS, { waitForTrailers: true })
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(Buffer.concat([prefix(response.length), response]))
    }
  }
}

/** Compressed-Flag and Message-Length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
function prefix(length: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

function messageOf(body: Buffer): Buffer {
  const message = body.subarray(5, 5 + body.readUInt32BE(1))
  return body[0] === 1 ? gunzipSync(message) : message
}

/** google.rpc.Status{1 code, 3 details: Any{1 type_url, 2 RetryInfo{1 Duration{1 seconds}}}}: a second. */
function refuse(stream: ServerHttp2Stream, code: number, later = false): void {
  const type = Buffer.from('type.googleapis.com/google.rpc.RetryInfo')
  const any = Buffer.concat([Buffer.from([0x0a, type.length]), type, Buffer.from([0x12, 4, 0x0a, 2, 0x08, 1])])
  const status = Buffer.concat([Buffer.from([0x08, code, 0x1a, any.length]), any])
  const details = later ? { 'grpc-status-details-bin': status.toString('base64') } : {}
  stream.respond({ ...HEADERS, 'grpc-status': `${code}`, ...details }, { endStream: true })
}
