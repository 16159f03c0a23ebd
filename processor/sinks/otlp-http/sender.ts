import { gzip } from 'node:zlib'
import { FieldsealError } from '../../errors.ts'
import type { FormatName } from '../../formats/index.ts'
import type { Conversions } from '../conversions.ts'
import { rejectedRecords } from '../otlp/partial-success.ts'
import { type Attempt, internal, type Sender } from '../retry/attempt.ts'
import type { OutgoingBatch } from '../sink.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'
import type { RequestHeaders } from './request-headers.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { OtlpHttpSinkSettings } from './settings.ts'
import { verdictOf } from './verdict.ts'

/** zlib's fastest, in pieces so large that a batch takes few turns in the thread pool. */
const GZIP = { level: 1, chunkSize: 128 * 1024 } as const

/** A request's body, and the encoding of OTLP that it has. */
export interface HttpMessage {
  readonly body: Buffer
  readonly format: FormatName
}

/** Sends batches by POST: as OTLP, compressed where that is set. */
export class HttpSender implements Sender<Connection, HttpMessage> {
  readonly #sink: string
  readonly #compression: OtlpHttpSinkSettings['compression']
  readonly #headers: RequestHeaders
  readonly #conversions: Conversions

  constructor(
    sink: string,
    compression: OtlpHttpSinkSettings['compression'],
    headers: RequestHeaders,
    conversions: Conversions,
  ) {
    this.#sink = sink
    this.#compression = compression
    this.#headers = headers
    this.#conversions = conversions
  }

  readonly prepare = (batch: OutgoingBatch, done: (prepared: HttpMessage | FieldsealError) => void): void => {
    const message = this.#messageOf(batch)
    if (message instanceof FieldsealError || this.#compression === 'none') {
      done(message)
      return
    }
    gzip(message.body, GZIP, (error, body) => {
      done(error === null ? { ...message, body } : internal(`sink ${this.#sink} cannot compress`))
    })
  }

  /** A batch that is OTLP goes as it is, any other as protobuf. */
  #messageOf(batch: OutgoingBatch): HttpMessage | FieldsealError {
    if (this.#headers.know(batch.format)) return { body: batch.bytes, format: batch.format }
    try {
      return { body: this.#conversions.to('otlp-protobuf', batch).bytes, format: 'otlp-protobuf' }
    } catch (error) {
      return error instanceof FieldsealError ? error : internal(`sink ${this.#sink} cannot convert a batch`)
    }
  }

  readonly attempt = (
    { body, format }: HttpMessage,
    { records, traceparent }: OutgoingBatch,
    connection: Connection,
    done: (attempt: Attempt) => void,
  ): void => {
    connection.post(this.#headers.for(format, traceparent), body, (exchange) => done(this.#outcome(exchange, records)))
  }

  #outcome(exchange: Exchange, records: number): Attempt {
    const verdict = verdictOf(exchange, this.#sink)
    if (verdict !== undefined) {
      const { retryAfter } = exchange
      const retryAfterMs = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, Date.now())
      return { ...verdict, retryAfterMs }
    }
    const { body, contentType } = exchange
    return { rejected: body === undefined ? 0 : rejectedRecords(body, contentType, records) }
  }
}
