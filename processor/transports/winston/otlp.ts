import TransportStream from 'winston-transport'
import { FieldsealError } from '../../errors.ts'
import { type EngineOptions, type Lease, leaseEngine } from '../engines.ts'
import { SealedLogRecord } from '../otel/record.ts'
import { checkUrl, exporterTo, type OtlpBackend } from '../otlp-backend.ts'
import { type FailureOptions, Outcomes, type TransportStats } from '../outcomes.ts'
import { Batches } from './batches.ts'
import { type AnyInfo, InfoSealer } from './info.ts'
import { logRecordOf } from './otlp-record.ts'
import type { CommonOptions } from './transport.ts'

export type OtlpTransportOptions = EngineOptions &
  FailureOptions &
  CommonOptions &
  OtlpBackend & {
    /** Milliseconds that a record waits for others. Default: 1000. */
    readonly scheduledDelayMillis?: number
    /** Records in one request, at most. Default: 512. */
    readonly maxExportBatchSize?: number
    /** Records that wait or are under way, at most: what comes beyond is left out, and counted. Default: 2048. */
    readonly maxQueueSize?: number
  }

/**
 * Sends sealed records to a backend by OTLP over HTTP, in batches.
 *
 * Rules see the record of winston, and then what is to be sent, as a log record of OpenTelemetry. When the logger ends, what
 * waits is sent before the transport finishes.
 *
 * `@opentelemetry/exporter-logs-otlp-http` is loaded with the first transport. Where it is missing, each record is left
 * out and counted as `FIELDSEAL_PEER_MISSING`.
 */
export class OtlpTransport extends TransportStream {
  readonly #outcomes: Outcomes
  readonly #lease: Lease
  readonly #sealer: InfoSealer
  readonly #resource: Readonly<Record<string, unknown>>
  readonly #batches: Batches

  /** @throws FieldsealError where the options or the configuration are wrong. */
  constructor(options: OtlpTransportOptions) {
    const { level, silent, handleExceptions, handleRejections } = options
    super(defined({ level, silent, handleExceptions, handleRejections }))
    checkUrl(options.url, 'url')
    this.#outcomes = new Outcomes(options)
    this.#batches = new Batches(
      {
        most: limit('maxQueueSize', options.maxQueueSize ?? 2048),
        batch: limit('maxExportBatchSize', options.maxExportBatchSize ?? 512),
        delay: limit('scheduledDelayMillis', options.scheduledDelayMillis ?? 1000),
      },
      exporterTo(options),
      this.#outcomes,
    )
    this.#lease = leaseEngine(options)
    this.#sealer = new InfoSealer(this.#lease.engine)
    this.#resource = { ...options.resource }
  }

  /** `sealed` and `passed` are records that the backend has taken. */
  stats(): TransportStats {
    return this.#outcomes.stats()
  }

  /** Sends what waits; resolves when all of it is sent or given up. */
  flush(): Promise<void> {
    return this.#batches.flush()
  }

  override log(info: AnyInfo, next: () => void): void {
    try {
      const first = this.#sealer.seal(info)
      // The second look is for what only OpenTelemetry has: attributes of the exception, the resource.
      const second = this.#lease.engine.sealLogRecord(logRecordOf(first.info, this.#resource, Date.now()))
      this.#batches.add(new SealedLogRecord(second.record), first.edited || second.edited)
    } catch (error) {
      const own = this.#outcomes.failed(error)
      if (this.#outcomes.onFailure === 'throw') {
        next()
        throw own
      }
    }
    next()
  }

  override _write(info: unknown, encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    if (typeof info === 'object' && info !== null) super._write(info, encoding, next)
    else next()
  }

  override _final(done: (error?: Error | null) => void): void {
    void this.#batches.end().then(() => {
      this.#lease.release()
      done()
    })
  }

  /** Called by winston when the transport is taken off its logger: what waits is sent. */
  override close(): void {
    void this.#batches.flush().then(() => this.#lease.release())
  }
}

/** Without what is `undefined`. */
function defined<T extends object>(options: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}

function limit(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `\`${name}\` is a whole number from 1 on`)
}
