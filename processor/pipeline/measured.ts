import { FieldsealError } from '../errors.ts'
import type { OutgoingBatch, Sink } from '../sinks/sink.ts'
import type { Deliver, IncomingBatch } from '../sources/source.ts'
import { SinkReport, SourceReport } from '../telemetry/settlements.ts'
import { endSpan, type Spanned, spanOfBatch, spanWithin, traceparentOf } from '../telemetry/tracing.ts'
import { refused, type Settlement } from './settlement.ts'

/** What is learnt of a batch on its way: numbers, and the span that it is in. */
export interface Passage {
  /** Undefined until it is sealed. */
  records: number | undefined
  readonly span: Spanned | undefined
}

/** What a batch goes through. */
export type Carry = (batch: IncomingBatch, passage?: Passage) => Promise<Settlement>

/** Measures what becomes of each batch of a source. */
export function measuredSource(name: string, carry: Carry): Deliver {
  const report = new SourceReport(name)
  return async (batch) => {
    const bytes = batch.bytes.length
    const { format, traceparent, arrived } = batch
    const start = performance.now()
    const attributes = { 'fieldseal.source': name, 'fieldseal.format': format, 'fieldseal.input.size': bytes }
    const span = spanOfBatch(traceparent, arrived, attributes)
    const passage: Passage = { records: undefined, span }
    const settlement = await carry(batch, passage)
    const { records } = passage
    const code = codeOf(settlement)
    report.settled({ code, records, bytes, seconds: secondsSince(start) })
    if (records !== undefined) span?.span.setAttribute('fieldseal.records', records)
    endSpan(span, undefined, code)
    return settlement
  }
}

/** Hands batches to sinks, and measures what becomes of each. */
export class MeasuredSinks {
  readonly #reports = new Map<string, SinkReport>()

  async send(sink: Sink, batch: OutgoingBatch, parent: Spanned | undefined): Promise<Settlement> {
    const { bytes, records, format } = batch
    const { length } = bytes
    const start = performance.now()
    const span =
      parent &&
      spanWithin(parent, 'export', {
        'fieldseal.sink': sink.name,
        'fieldseal.format': format,
        'fieldseal.output.size': length,
        'fieldseal.records': records,
      })
    const traceparent = traceparentOf(span)
    const settlement = await settle(sink, traceparent === undefined ? batch : { ...batch, traceparent })
    const code = codeOf(settlement)
    const rejected = settlement.outcome === 'accepted' ? settlement.rejected : 0
    this.#reportOf(sink.name).settled({ code, records, bytes: length, seconds: secondsSince(start) }, rejected)
    endSpan(span, parent, code)
    return settlement
  }

  /** Names of sinks are those of the configuration. */
  #reportOf(name: string): SinkReport {
    let report = this.#reports.get(name)
    if (report === undefined) {
      report = new SinkReport(name)
      this.#reports.set(name, report)
    }
    return report
  }
}

async function settle(sink: Sink, batch: OutgoingBatch): Promise<Settlement> {
  try {
    return await sink.send(batch)
  } catch {
    // A sink that rejects breaks its contract; the batch is not delivered all the same.
    return refused(new FieldsealError('FIELDSEAL_INTERNAL', `sink ${sink.name} failed`))
  }
}

export function codeOf(settlement: Settlement): string | undefined {
  return settlement.outcome === 'refused' ? settlement.error.code : undefined
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
