import type { Engine } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import type { OutgoingBatch, Sink } from '../sinks/sink.ts'
import type { Deliver, IncomingBatch } from '../sources/source.ts'
import type { Health } from './health.ts'
import { accepted, type Refused, refused, type Settlement } from './settlement.ts'

export interface PipelineParts {
  /** The engine of the running configuration: asked once for each batch, so that no batch sees two rule sets. */
  readonly engine: () => Engine
  readonly sinks: readonly Sink[]
  readonly health: Health
}

/** Milliseconds that a client is asked to wait where memory is short, or sealing has failed. */
const WAIT_MS = 1000

/**
 * Seals a batch and hands it to every sink. It is accepted once every required sink has accepted it; a durable queue
 * takes the place of the sinks here, and accepts once the sealed bytes are synced.
 */
export function createPipeline({ engine, sinks, health }: PipelineParts): Deliver {
  return async (batch) => {
    const sealed = seal(engine(), batch, health)
    if ('outcome' in sealed) return sealed
    const settlements = await Promise.all(sinks.map(async (sink) => ({ sink, settlement: await sendTo(sink, sealed) })))
    return worst(settlements.filter(({ sink }) => sink.required).map(({ settlement }) => settlement))
  }
}

function seal(engine: Engine, { bytes, format, reservation, signal }: IncomingBatch, health: Health) {
  let sealed: { readonly bytes: Buffer; readonly records: number }
  try {
    sealed = engine.seal(bytes, format)
  } catch (error) {
    const known = error instanceof FieldsealError ? error : new FieldsealError('FIELDSEAL_INTERNAL', 'sealing failed')
    // Input that is wrong says nothing of the service. Whatever else fails must not be mistaken for a good day.
    if (!isFaultOfInput(known)) health.failed(known)
    return refused(known, known.retryable ? WAIT_MS : undefined)
  }
  health.succeeded()
  if (sealed.bytes !== bytes) {
    // Both are in memory until the sealed bytes are delivered; the input is garbage from here on.
    const grown = sealed.bytes.length - bytes.length
    if (grown > 0 && reservation.grow(grown) !== undefined) {
      return refused(new FieldsealError('FIELDSEAL_BUSY', 'there is no room for the sealed batch'), WAIT_MS)
    }
  }
  return { bytes: sealed.bytes, records: sealed.records, format, signal } satisfies OutgoingBatch
}

async function sendTo(sink: Sink, batch: OutgoingBatch): Promise<Settlement> {
  try {
    return await sink.send(batch)
  } catch {
    // A sink that rejects breaks its contract; the batch is not delivered all the same.
    return refused(new FieldsealError('FIELDSEAL_INTERNAL', `sink ${sink.name} failed`))
  }
}

/** Refused by one is refused: for good only if nobody says that trying again can help. */
function worst(settlements: readonly Settlement[]): Settlement {
  const refusals = settlements.filter((settlement) => settlement.outcome === 'refused')
  if (refusals.length === 0) {
    return accepted(Math.max(0, ...settlements.map((settlement) => (settlement as { rejected: number }).rejected)))
  }
  const retryable = refusals.find(({ error }) => error.retryable)
  if (retryable === undefined) return refusals[0] as Refused
  const waits = refusals.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
  return refused(retryable.error, waits.length > 0 ? Math.max(...waits) : undefined)
}

const FAULTS_OF_INPUT: ReadonlySet<string> = new Set([
  'FIELDSEAL_INPUT_MALFORMED',
  'FIELDSEAL_INPUT_TOO_DEEP',
  'FIELDSEAL_INPUT_TOO_LARGE',
  'FIELDSEAL_VALUE_TOO_LARGE',
])

function isFaultOfInput({ code }: FieldsealError): boolean {
  return FAULTS_OF_INPUT.has(code)
}
