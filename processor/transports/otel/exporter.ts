import { context } from '@opentelemetry/api'
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { FieldsealError } from '../../errors.ts'
import type { TransportStats } from '../outcomes.ts'
import type { SealedLogRecord } from './record.ts'
import { isPending, settled } from './resource.ts'
import { Sealing, type SealingOptions } from './sealing.ts'

type Answer = Parameters<LogRecordExporter['export']>[1]
type Result = Parameters<Answer>[0]

/** `ExportResultCode` of @opentelemetry/core, which programs need not have by itself. */
const SUCCESS = 0
const FAILED = 1

/**
 * Seals log records on the last step of their way, and hands them to the exporter that it was given.
 *
 * The exporter gets copies, made of what was looked through; records of the SDK, which others see as well, stay as they
 * are. Where the resource of a record is not yet known, it is waited for.
 */
export class SealingLogRecordExporter implements LogRecordExporter {
  readonly #inner: LogRecordExporter
  readonly #sealing: Sealing
  /** Exports that wait for resources. */
  readonly #waiting = new Set<Promise<void>>()

  /**
   * @param inner - gets sealed records alone.
   * @throws FieldsealError where the options or the configuration are wrong.
   */
  constructor(inner: LogRecordExporter, options: SealingOptions) {
    this.#inner = inner
    this.#sealing = new Sealing(options)
  }

  /**
   * Records that cannot be sealed are left out, counted and reported; the others are exported.
   *
   * @param callback - gets the inner exporter's result. With `onFailure: 'throw'` it is told of a failure, with a
   *   `FieldsealError`, also where the inner exporter took the other records, or there were none. It is never thrown.
   */
  export(records: ReadableLogRecord[], callback: Answer): void {
    // The records of an SDK share their resource.
    const pending = [...new Map(records.filter(isPending).map((record) => [record.resource, record])).values()]
    if (pending.length === 0) {
      this.#export(records, callback)
      return
    }
    // The processor has switched tracing off for the time of the export.
    const exportAll = context.bind(context.active(), () => this.#export(records, callback))
    const waiting = Promise.all(pending.map(settled))
      .then(exportAll)
      // Only the callback can have thrown, and nobody is there any more for it to throw at.
      .catch(() => {})
      .finally(() => this.#waiting.delete(waiting))
    this.#waiting.add(waiting)
  }

  /** Waits for what waits for resources, then flushes the inner exporter. */
  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#waiting)
    // Exporters of 0.20x need not have it.
    await this.#inner.forceFlush?.()
  }

  /** Shuts the inner exporter down, and lets the engine go that a configuration file was named for. */
  async shutdown(): Promise<void> {
    await Promise.allSettled(this.#waiting)
    try {
      await this.#inner.shutdown()
    } finally {
      this.#sealing.close()
    }
  }

  /** What became of the records so far. */
  stats(): TransportStats {
    return this.#sealing.outcomes.stats()
  }

  #export(records: readonly ReadableLogRecord[], callback: Answer): void {
    const { sealed, failure } = this.#sealAll(records)
    const result: Result =
      failure !== undefined && this.#sealing.outcomes.onFailure === 'throw'
        ? { code: FAILED, error: failure }
        : { code: SUCCESS }
    if (sealed.length === 0 && failure !== undefined) {
      callback(result)
      return
    }
    let isAnswered = false
    try {
      this.#inner.export(sealed, (inner) => {
        isAnswered = true
        callback(inner.code === SUCCESS ? result : inner)
      })
    } catch (error) {
      // What the callback itself throws is for whoever has called us.
      if (isAnswered) throw error
      callback({
        code: FAILED,
        error: error instanceof Error ? error : new Error('the exporter threw what is no error'),
      })
    }
  }

  #sealAll(records: readonly ReadableLogRecord[]): { sealed: SealedLogRecord[]; failure: FieldsealError | undefined } {
    const sealed: SealedLogRecord[] = []
    let failure: FieldsealError | undefined
    for (const one of records) {
      try {
        const { record, edited } = this.#sealing.seal(one)
        sealed.push(record)
        this.#sealing.outcomes.passed(edited)
      } catch (error) {
        failure = this.#sealing.outcomes.failed(error)
      }
    }
    return { sealed, failure }
  }
}
