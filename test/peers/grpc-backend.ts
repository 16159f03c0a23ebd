import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import type { StoredBatch } from './arrivals.ts'

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export'

/** An OTLP/gRPC backend of another library that keeps what it gets. */
export class GrpcBackend {
  readonly stored: StoredBatch[] = []
  readonly #server = new Server({ 'grpc.max_receive_message_length': -1 })
  #port = 0

  static async start(): Promise<GrpcBackend> {
    const backend = new GrpcBackend()
    const same = (bytes: Buffer): Buffer => bytes
    const store = ({ request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      backend.stored.push({ format: 'otlp-protobuf', bytes: request, rejected: 0 })
      answer(null, Buffer.alloc(0))
    }
    backend.#server.register(EXPORT, store, same, same, 'unary')
    backend.#port = await new Promise((resolve, reject) => {
      backend.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port)
        else reject(error)
      })
    })
    return backend
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Forgets what it has. */
  reset(): void {
    this.stored.length = 0
  }

  close(): void {
    this.#server.forceShutdown()
  }
}
