import type { Context } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { FieldsealError } from '../../errors.ts'
import type { TransportStats } from '../outcomes.ts'
import { isPending, settled } from './resource.ts'
import { Sealing, type SealingOptions } from './sealing.ts'

/** As many as the SDK's own batches keep. */
const MOST_WAITING = 2048

interface Waiting {
  readonly record: ReadWriteLogRecord
  readonly context: Context | undefined
}

/**
 * Seals each log record as it is emitted, and hands it to the processor that it was given.
 *
 * That processor gets a copy. The SDK's own record stays as it is, so **every other processor of the LoggerProvider sees
 * it in the clear**, whether it stands before this one or behind: each of them needs to be wrapped by itself.
 *
 * Sealing happens within the call of the logger, except where the resource is not yet known: until then records wait, at
 * most 2048, as they do in the SDK.
 */
export class SealingLogRecordProcessor implements LogRecordProcessor {
  readonly #inner: LogRecordProcessor
  readonly #sealing: Sealing
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = []
  #isDraining = false
  #drained: Promise<void> | undefined

  /**
   * @param inner - gets sealed records alone.
   * @throws FieldsealError where the options or the configuration are wrong.
   */
  constructor(inner: LogRecordProcessor, options: SealingOptions) {
    this.#inner = inner
    this.#sealing = new Sealing(options)
  }

  /**
   * A record that cannot be sealed, or that the inner processor throws at, is left out, counted and reported.
   *
   * @throws FieldsealError with `onFailure: 'throw'` alone: into the application's call of its logger.
   */
  onEmit(record: ReadWriteLogRecord, context?: Context): void {
    if (this.#waiting.length === 0 && !isPending(record)) {
      this.#emit({ record, context })
    } else if (this.#waiting.length < MOST_WAITING) {
      this.#waiting.push({ record, context })
      if (!this.#isDraining) this.#drained = this.#drain()
    } else {
      this.#fail(new FieldsealError('FIELDSEAL_BUSY', 'too many log records wait for the attributes of their resource'))
    }
  }

  /** What the inner processor says. Without this, loggers would be taken for enabled, whatever others say. */
  enabled(options: Parameters<NonNullable<LogRecordProcessor['enabled']>>[0]): boolean {
    try {
      return this.#inner.enabled?.(options) ?? true
    } catch {
      // Loggers ask within the application's call.
      return true
    }
  }

  /** Waits for what waits for resources, then flushes the inner processor. */
  async forceFlush(...options: Parameters<LogRecordProcessor['forceFlush']>): Promise<void> {
    await this.#drained
    await this.#inner.forceFlush(...options)
  }

  /** Shuts the inner processor down, and lets the engine go that a configuration file was named for. */
  async shutdown(): Promise<void> {
    await this.#drained
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

  /** Never rejects. */
  async #drain(): Promise<void> {
    this.#isDraining = true
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (isPending(next.record)) await settled(next.record)
      try {
        this.#emit(next)
      } catch {
        // It is counted and reported; whoever logged it has gone on long since.
      }
      this.#waiting.shift()
    }
    this.#isDraining = false
  }

  #emit({ record, context }: Waiting): void {
    let sealed: ReturnType<Sealing['seal']>
    try {
      sealed = this.#sealing.seal(record)
    } catch (error) {
      this.#fail(error)
      return
    }
    try {
      this.#inner.onEmit(sealed.record, context)
    } catch {
      this.#fail(new FieldsealError('FIELDSEAL_OUTPUT_FAILED', 'the inner log record processor has thrown'))
      return
    }
    this.#sealing.outcomes.passed(sealed.edited)
  }

  #fail(error: unknown): void {
    const own = this.#sealing.outcomes.failed(error)
    if (this.#sealing.outcomes.onFailure === 'throw') throw own
  }
}
