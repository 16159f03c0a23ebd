import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import {
  Client,
  credentials,
  type Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { checkSealedBatch } from '../../checks/sealed-batch.ts'
import { Arrivals } from '../arrivals.ts'
import { marker, sequenceOf, withoutMarker } from '../marker.ts'
import type { Answer, Backend, Connection, Protocol } from './protocol.ts'

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export'
const asIs = (bytes: Buffer): Buffer => bytes
/** Bytes: a batch fits into it. Servers of gRPC in Go and C++ let their windows grow to as much; that of Node does not. */
const STREAM_WINDOW = 1024 * 1024
const CONNECTION_WINDOW = 8 * 1024 * 1024

class GrpcConnection implements Connection {
  readonly #client: Client

  constructor(port: number) {
    // A connection of its own: without this, clients of one address share one.
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
  }

  exchange(parts: readonly Buffer[]): Promise<Answer> {
    return new Promise((resolve) => {
      const done = (error: ServiceError | null): void => {
        const busy = error?.code === status.UNAVAILABLE || error?.code === status.RESOURCE_EXHAUSTED
        resolve({ status: error === null ? 200 : busy ? 503 : error.code, retryAfterSeconds: undefined })
      }
      this.#client.makeUnaryRequest(EXPORT, asIs, asIs, Buffer.concat(parts), done)
    })
  }

  close(): void {
    this.#client.close()
  }
}

/** Widens the windows of each connection at its first call: grpc-js has no option for it. */
function widening(): (method: unknown, call: ServerInterceptingCallInterface) => ServerInterceptingCall {
  const wide = new WeakSet()
  return (_method, call) => {
    const session = (call as { stream?: ServerHttp2Stream }).stream?.session
    if (session === undefined) throw new Error('grpc-js is not what it was')
    if (!wide.has(session) && !session.destroyed) {
      wide.add(session)
      session.settings({ initialWindowSize: STREAM_WINDOW })
      ;(session as ServerHttp2Session).setLocalWindowSize(CONNECTION_WINDOW)
    }
    return new ServerInterceptingCall(call)
  }
}

async function listen(delayMs: number): Promise<Backend> {
  const arrivals = new Arrivals()
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024, interceptors: [widening()] })
  const method = {
    path: EXPORT,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  } as const
  const handle = (
    call: { request: Buffer; metadata: Metadata },
    answer: (error: null, response: Buffer) => void,
  ): void => {
    const { request } = call
    arrivals.bytes += request.length
    arrivals.count(sequenceOf(request), arrivals.wantsNext() ? request : undefined)
    if (delayMs === 0) answer(null, Buffer.alloc(0))
    else setTimeout(() => answer(null, Buffer.alloc(0)), delayMs)
  }
  server.addService({ Export: method }, { Export: handle })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return { port, arrivals, close: () => server.forceShutdown() }
}

/** OTLP/gRPC, by the library that the product uses too. */
export const grpc: Protocol = {
  source: (port) => ({ type: 'otlp_grpc', listen: `127.0.0.1:${port}` }),
  sink: (port) => ({ type: 'otlp_grpc', endpoint: `http://127.0.0.1:${port}` }),
  batch: (batch) => batch,
  request:
    ({ bytes }) =>
    (sequence) => [bytes, marker(sequence)],
  connect: (port) => new GrpcConnection(port),
  listen,
  sequenceOf,
  check: (sent, body, openers) => checkSealedBatch(sent, withoutMarker(body), openers),
}
