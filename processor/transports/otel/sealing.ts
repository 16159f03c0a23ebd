import type { LogRecordLimits, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { type EngineOptions, type Lease, leaseEngine } from '../engines.ts'
import { type FailureOptions, Outcomes } from '../outcomes.ts'
import { checkLimits, checkLimitsOf } from './limits.ts'
import { SealedLogRecord } from './record.ts'

export type SealingOptions = EngineOptions &
  FailureOptions & {
    /** The limits of the LoggerProvider, where it has any: those that are not safe are refused at once. */
    readonly logRecordLimits?: LogRecordLimits
  }

/** What the exporter and the processor have in common: an engine, and what became of the records. */
export class Sealing {
  readonly outcomes: Outcomes
  readonly #lease: Lease

  /** @throws FieldsealError where the options or the configuration are wrong. */
  constructor(options: SealingOptions) {
    checkLimits(options.logRecordLimits)
    this.outcomes = new Outcomes(options)
    this.#lease = leaseEngine(options)
  }

  /** @throws FieldsealError; nothing of the record may be passed on then. */
  seal(record: ReadableLogRecord): { readonly record: SealedLogRecord; readonly edited: boolean } {
    checkLimitsOf(record)
    const { record: output, edited } = this.#lease.engine.sealLogRecord(record)
    return { record: new SealedLogRecord(output), edited }
  }

  close(): void {
    this.#lease.release()
  }
}
