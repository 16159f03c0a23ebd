import { gzip } from 'node:zlib'
import type { FieldsealError } from '../../errors.ts'
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

/** Sends batches by POST. What is sent is the batch, compressed where that is set. */
export class HttpSender implements Sender<Connection, Buffer> {
  readonly #sink: string
  readonly #compression: OtlpHttpSinkSettings['compression']
  readonly #headers: RequestHeaders

  constructor(sink: string, compression: OtlpHttpSinkSettings['compression'], headers: RequestHeaders) {
    this.#sink = sink
    this.#compression = compression
    this.#headers = headers
  }

  readonly prepare = ({ bytes, format }: OutgoingBatch, done: (prepared: Buffer | FieldsealError) => void): void => {
    if (!this.#headers.know(format)) done(internal(`sink ${this.#sink} was given a batch that is not OTLP`))
    else if (this.#compression === 'none') done(bytes)
    else
      gzip(bytes, GZIP, (error, body) => done(error === null ? body : internal(`sink ${this.#sink} cannot compress`)))
  }

  readonly attempt = (
    body: Buffer,
    { format, records }: OutgoingBatch,
    connection: Connection,
    done: (attempt: Attempt) => void,
  ): void => {
    connection.post(this.#headers.for(format), body, (exchange) => done(this.#outcome(exchange, records)))
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
