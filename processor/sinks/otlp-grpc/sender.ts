import { status as STATUS } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import { asItIs, EXPORT_LOGS } from '../../http/grpc.ts'
import type { Conversions } from '../conversions.ts'
import { rejectedRecords } from '../otlp/partial-success.ts'
import { type Attempt, internal, type Sender } from '../retry/attempt.ts'
import type { OutgoingBatch } from '../sink.ts'
import type { CallMetadata } from './call-metadata.ts'
import type { Channel } from './channel.ts'
import type { OtlpGrpcSinkSettings } from './settings.ts'
import { verdictOf } from './verdict.ts'

/** Sends batches by calls of LogsService/Export. */
export class GrpcSender implements Sender<Channel, Buffer> {
  readonly #sink: string
  readonly #settings: OtlpGrpcSinkSettings
  readonly #metadata: CallMetadata
  readonly #conversions: Conversions

  constructor(sink: string, settings: OtlpGrpcSinkSettings, metadata: CallMetadata, conversions: Conversions) {
    this.#sink = sink
    this.#settings = settings
    this.#metadata = metadata
    this.#conversions = conversions
  }

  readonly prepare = (batch: OutgoingBatch, done: (prepared: Buffer | FieldsealError) => void): void => {
    done(this.#message(batch))
  }

  #message(batch: OutgoingBatch): Buffer | FieldsealError {
    const { bytes, format } = batch
    if (format === 'otlp-protobuf') {
      // grpc-js compresses anew for each attempt, on threads, and does not stop when a call is over: it gets a copy, so
      // that the batch can be freed by then.
      return this.#settings.compression === 'gzip' ? Buffer.from(bytes) : bytes
    }
    try {
      return this.#conversions.to('otlp-protobuf', batch).bytes
    } catch (error) {
      return error instanceof FieldsealError ? error : internal(`sink ${this.#sink} cannot convert a batch`)
    }
  }

  readonly attempt = (
    message: Buffer,
    { records, traceparent }: OutgoingBatch,
    channel: Channel,
    done: (attempt: Attempt) => void,
  ): void => {
    const { client } = channel
    const options = { deadline: Date.now() + this.#settings.timeout }
    client.makeUnaryRequest(
      EXPORT_LOGS,
      asItIs,
      asItIs,
      message,
      this.#metadata.make(traceparent),
      options,
      (error, response) => {
        if (error === null) {
          done({ rejected: response === undefined ? 0 : rejectedRecords(response, 'application/x-protobuf', records) })
          return
        }
        if (error.code === STATUS.DEADLINE_EXCEEDED) channel.renew(client)
        done(verdictOf(error, this.#sink))
      },
    )
  }
}
