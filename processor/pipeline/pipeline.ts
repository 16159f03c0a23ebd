import type { Engine } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import type { OutgoingBatch, Sink } from '../sinks/sink.ts'
import type { IncomingBatch } from '../sources/source.ts'
import { endSpan, type Spanned, spanWithin } from '../telemetry/tracing.ts'
import type { Reservation } from './byte-budget.ts'
import { codedError, type Health } from './health.ts'
import { type Carry, codeOf, MeasuredSinks, type Passage } from './measured.ts'
import { freeBytes } from './memory.ts'
import type { OutgoingScan } from './outgoing-scan.ts'
import { accepted, isFaultOfInput, type Refused, refused, type Settlement } from './settlement.ts'

/** What a batch goes through: of one configuration, so that no batch sees half of two. */
export interface Stages {
  readonly engine: Engine
  readonly sinks: readonly Sink[]
  /** Looks at some of the batches that leave. */
  readonly scan?: OutgoingScan | undefined
}

export interface PipelineParts {
  /** Asked once for each batch. */
  readonly stages: () => Stages
  readonly health: Health
}

/** A batch as it leaves, and how many of its records the leak scan has refused: they are not in it. */
interface SealedOutgoing extends OutgoingBatch {
  readonly recordsRefused?: number
}

/** Milliseconds that a client is asked to wait where memory is short, or sealing has failed. */
const WAIT_MS = 1000

/**
 * Seals a batch and hands it to every sink. It is accepted once every required sink has accepted it; a durable queue
 * takes the place of the sinks here, and accepts once the sealed bytes are synced.
 */
export function createPipeline({ stages, health }: PipelineParts): Carry {
  const measured = new MeasuredSinks()
  const carry = async (batch: IncomingBatch, passage: Passage | undefined, span: Spanned | undefined) => {
    const { engine, sinks, scan } = stages()
    if (!health.recover()) return refused(health.error as FieldsealError, WAIT_MS)
    const sealed = sealInSpan(engine, batch, health, span)
    if ('outcome' in sealed) return sealed
    const { recordsRefused: leaking = 0 } = sealed
    if (passage !== undefined) passage.records = sealed.records + leaking
    // Nobody is to have them, and to send them again changes nothing.
    if (sealed.records === 0 && leaking > 0) return accepted(leaking)
    const sending = Promise.all(sinks.map((sink) => measured.send(sink, sealed, span)))
    // While the sinks wait for their backends.
    const looking = scan?.look({ bytes: sealed.bytes, format: sealed.format, parse: batch.parse })
    const settlements = await sending
    // A client that sends faster than its batches can be looked at waits, as it does for a slow backend.
    if (looking !== undefined) await looking
    if (settlements.every(({ outcome }) => outcome === 'accepted')) freeBytes(sealed.bytes)
    return worst(
      settlements.filter((_, index) => sinks[index]!.required),
      leaking,
    )
  }
  return async (batch, passage) => {
    const parent = passage?.span
    const span = parent && spanWithin(parent, 'process', { 'fieldseal.format': batch.format })
    const settlement = await carry(batch, passage, span)
    endSpan(span, parent, codeOf(settlement))
    return settlement
  }
}

function sealInSpan(
  engine: Engine,
  batch: IncomingBatch,
  health: Health,
  parent: Spanned | undefined,
): SealedOutgoing | Refused {
  if (parent === undefined) return seal(engine, batch, health)
  const { length } = batch.bytes
  const span = spanWithin(parent, 'seal batch', { 'fieldseal.format': batch.format, 'fieldseal.input.size': length })
  const sealed = seal(engine, batch, health)
  if ('records' in sealed) span?.span.setAttribute('fieldseal.records', sealed.records)
  endSpan(span, parent, 'outcome' in sealed ? sealed.error.code : undefined)
  return sealed
}

function seal(engine: Engine, batch: IncomingBatch, health: Health): SealedOutgoing | Refused {
  const { format, parse, reservation, signal } = batch
  const before = batch.bytes.length
  try {
    const { bytes, records, recordsRefused } = engine.seal(batch.bytes, format, parse === undefined ? {} : { parse })
    if (bytes === batch.bytes) return { bytes, records, format, signal }
    freeBytes(batch.bytes)
    if (bytes.length > before && reservation.grow(bytes.length - before) !== undefined)
      return noRoom(reservation, bytes.length)
    return { bytes, records, format, signal, ...(recordsRefused === undefined ? {} : { recordsRefused }) }
  } catch (thrown) {
    const error = codedError(thrown)
    // Input that is wrong says nothing of the service. Whatever else fails must not be mistaken for a good day.
    if (!isFaultOfInput(error)) health.failed(error)
    return refused(error, error.retryable ? WAIT_MS : undefined)
  }
}

function noRoom(reservation: Reservation, bytes: number): Refused {
  // What does not fit even when nothing else is there will not fit later either.
  if (!reservation.fits(bytes))
    return refused(new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the sealed batch is over service.in_flight'))
  return refused(new FieldsealError('FIELDSEAL_BUSY', 'there is no room for the sealed batch'), WAIT_MS)
}

/**
 * Refused by one is refused: for good only if nobody says that trying again can help.
 *
 * @param leaking - records that were sent to nobody.
 */
function worst(settlements: readonly Settlement[], leaking: number): Settlement {
  const refusals = settlements.filter((settlement) => settlement.outcome === 'refused')
  if (refusals.length === 0) {
    const most = settlements.reduce((most, one) => Math.max(most, one.outcome === 'accepted' ? one.rejected : 0), 0)
    return accepted(most + leaking)
  }
  const retryable = refusals.find(({ error }) => error.retryable)
  if (retryable === undefined) return refusals[0] as Refused
  const waits = refusals.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
  return refused(retryable.error, waits.length > 0 ? Math.max(...waits) : undefined)
}
