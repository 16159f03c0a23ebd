import { ChannelCredentials, Client, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { otlpRequest } from './numbered.ts'
import type { Outcome } from './repeating-sender.ts'

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export'
/** Milliseconds; longer than the service takes for anything. */
const DEADLINE = 120_000

/** A client of grpc-js, on a connection of its own. */
export class GrpcSender {
  readonly #client: Client

  constructor(address: string) {
    this.#client = new Client(address, ChannelCredentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 20,
      'grpc.max_reconnect_backoff_ms': 100,
      // What is sent again is sent by the test, which counts it.
      'grpc.enable_retries': 0,
    })
  }

  /** Sends these records once. The service says INTERNAL where the backend refuses a batch for good. */
  send(numbers: readonly number[]): Promise<Outcome> {
    const same = (bytes: Buffer): Buffer => bytes
    const options = { deadline: Date.now() + DEADLINE }
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(EXPORT, same, same, otlpRequest(numbers), new Metadata(), options, (error) => {
        resolve(error === null ? 'accepted' : outcomeOf(error))
      })
    })
  }

  close(): void {
    this.#client.close()
  }
}

function outcomeOf({ code, details }: ServiceError): Outcome {
  // grpc-js itself says INTERNAL of a stream that was reset.
  if (code === status.INTERNAL && details.includes('FIELDSEAL_')) return 'refused'
  return details.startsWith('No connection established') ? 'not sent' : 'not told'
}
