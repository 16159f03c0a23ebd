import type { LogRecordExporter } from '@opentelemetry/sdk-logs'
import { FieldsealError } from '../../errors.ts'
import type { SealedLogRecord } from '../otel/record.ts'
import { takes } from '../otlp-backend.ts'
import type { Outcomes } from '../outcomes.ts'

export interface BatchLimits {
  /** Records that wait or are under way. */
  readonly most: number
  /** Records in one batch. */
  readonly batch: number
  /** Milliseconds that a record waits. */
  readonly delay: number
}

interface Waiting {
  readonly record: SealedLogRecord
  readonly edited: boolean
}

/** Sealed records on their way to an exporter, in bounded number, one batch at a time. */
export class Batches {
  readonly #limits: BatchLimits
  readonly #exporter: Promise<LogRecordExporter>
  readonly #outcomes: Outcomes
  #waiting: Waiting[] = []
  #underWay = 0
  #sending: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(limits: BatchLimits, exporter: Promise<LogRecordExporter>, outcomes: Outcomes) {
    this.#limits = limits
    this.#exporter = exporter
    this.#outcomes = outcomes
    // Said for each record that cannot be sent.
    exporter.catch(() => {})
  }

  /** @throws FieldsealError `FIELDSEAL_BUSY` where too many wait. */
  add(record: SealedLogRecord, edited: boolean): void {
    if (this.#waiting.length + this.#underWay >= this.#limits.most)
      throw new FieldsealError('FIELDSEAL_BUSY', 'more records wait for the backend than maxQueueSize')
    this.#waiting.push({ record, edited })
    if (this.#waiting.length >= this.#limits.batch) void this.flush()
    // It keeps the process for no longer than the delay: `end` of the logger waits for all.
    else this.#timer ??= setTimeout(() => void this.flush(), this.#limits.delay)
  }

  /** Sends all that waits; never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  /** Sends all that waits, then shuts the exporter down. */
  async end(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sending !== undefined) await this.flush()
    await this.#exporter.then((exporter) => exporter.shutdown()).catch(() => {})
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#limits.batch)
      this.#underWay = batch.length
      const error = await this.#send(batch)
      this.#underWay = 0
      for (const { edited } of batch) {
        if (error === undefined) this.#outcomes.passed(edited)
        else this.#outcomes.failed(error)
      }
    }
  }

  /** @returns what went wrong. */
  async #send(batch: readonly Waiting[]): Promise<FieldsealError | undefined> {
    try {
      const records = batch.map(({ record }) => record)
      if (await takes(await this.#exporter, records)) return undefined
    } catch (error) {
      if (error instanceof FieldsealError) return error
    }
    return new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'the backend of OtlpTransport has not taken the records')
  }
}
