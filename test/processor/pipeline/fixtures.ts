import type { Engine } from '../../../processor/engine.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import { ByteBudget } from '../../../processor/pipeline/byte-budget.ts'
import { accepted, refused, type Settlement } from '../../../processor/pipeline/settlement.ts'
import type { OutgoingBatch, Sink } from '../../../processor/sinks/sink.ts'
import type { IncomingBatch } from '../../../processor/sources/source.ts'

/** A sink in memory that settles as it is told. */
export class MemorySink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly batches: OutgoingBatch[] = []
  started = 0
  closed = 0
  settle: (batch: OutgoingBatch) => Settlement | Promise<Settlement> = () => accepted()

  constructor(name = 'memory', required = true) {
    this.name = name
    this.required = required
  }

  async start() {
    this.started += 1
  }

  async send(batch: OutgoingBatch): Promise<Settlement> {
    this.batches.push({ ...batch, bytes: Buffer.from(batch.bytes) })
    return this.settle(batch)
  }

  status() {
    return { healthy: true, sending: 0 }
  }

  async close() {
    this.closed += 1
  }
}

/** An engine that writes in capitals, and fails as it is told. */
export class CapitalEngine implements Engine {
  fault: Error | undefined
  closed = 0

  seal(bytes: Uint8Array) {
    if (this.fault !== undefined) throw this.fault
    return {
      bytes: Buffer.from(Buffer.from(bytes).toString().toUpperCase()),
      records: 1,
      values: new Map(),
      audited: new Map(),
    }
  }

  check() {
    if (this.fault !== undefined) throw this.fault
  }

  close() {
    this.closed += 1
  }
}

export function incoming(text: string, budget = new ByteBudget(1 << 20)): IncomingBatch {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  const reservation = budget.connection(budget.limit).reservation()
  reservation.grow(bytes.length)
  return { bytes, format: 'json-lines', reservation, signal: new AbortController().signal }
}

export const unavailable = (retryAfterMs?: number) =>
  refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'sink memory does not answer'), retryAfterMs)

export const notWanted = () => refused(new FieldsealError('FIELDSEAL_SINK_REFUSED', 'sink memory refuses the batch'))
