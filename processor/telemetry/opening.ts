import { SpanStatusCode, trace } from '@opentelemetry/api'
import { FieldsealError } from '../errors.ts'
import { METER_NAME, recorder } from './instruments.ts'
import type { AttributesOf } from './metrics.ts'

export type RefusalReason = AttributesOf<'fieldseal.opening.refusals'>['fieldseal.refusal.reason']

/** Values counted by the key at hand, and by why they were refused. */
export class OpeningTally {
  /** By the `kid` of the key that opened them. */
  readonly opened = new Map<string, number>()
  readonly refused = new Map<string, Refused>()

  addOpened(kid: string): void {
    this.opened.set(kid, (this.opened.get(kid) ?? 0) + 1)
  }

  /** @param kid - of the key at hand that the value is for, where there is one */
  addRefused(reason: RefusalReason, kid?: string): void {
    const key = kid === undefined ? reason : `${reason} ${kid}`
    const before = this.refused.get(key)
    if (before === undefined) this.refused.set(key, { reason, kid, count: 1 })
    else before.count += 1
  }

  clear(): void {
    this.opened.clear()
    this.refused.clear()
  }
}

interface Refused {
  readonly reason: RefusalReason
  readonly kid: string | undefined
  count: number
}

/** What came of opening one batch. */
export interface OpeningCounts {
  readonly format: string
  readonly opened: number
  /** Sealed values that stay. */
  readonly unopened: number
  readonly tally: OpeningTally
  readonly seconds: number
}

/** Reports it, once for the whole batch. Never throws. */
export function reportOpening({ format, opened, unopened, tally, seconds }: OpeningCounts): void {
  const recording = recorder()
  if (recording === undefined) return
  const attributes = { 'fieldseal.format': format }
  recording.record('fieldseal.opening.duration', seconds, attributes)
  const add = (state: 'opened' | 'sealed', count: number, kid?: string) =>
    recording.add('fieldseal.opening.values', count, { ...attributes, 'fieldseal.value.state': state, ...keyOf(kid) })
  for (const [kid, count] of tally.opened) add('opened', count, kid)
  if (tally.opened.size === 0) add('opened', opened)
  let known = 0
  for (const { reason, kid, count } of tally.refused.values()) {
    const key = keyOf(kid)
    recording.add('fieldseal.opening.refusals', count, { ...attributes, 'fieldseal.refusal.reason': reason, ...key })
    if (kid === undefined) continue
    add('sealed', count, kid)
    known += count
  }
  // A value may be refused in a text and, once more, in what that text holds.
  add('sealed', Math.max(0, unopened - known))
}

function keyOf(kid: string | undefined): { 'fieldseal.recipient.kid'?: string } {
  return kid === undefined ? {} : { 'fieldseal.recipient.kid': kid }
}

/**
 * Opens a batch in a span `open` of the program's tracer; without one in none. A program that opens what was sealed has
 * asked for it, and knows its own traces: this is the one span that is not the service's.
 */
export function spannedOpening<T extends { readonly opened: number; readonly unopened: number }>(
  format: string,
  bytes: number,
  open: () => T,
): T {
  const span = trace
    .getTracer(METER_NAME)
    .startSpan('open', { attributes: { 'fieldseal.format': format, 'fieldseal.input.size': bytes } })
  try {
    const opened = open()
    span.setAttribute('fieldseal.opened', opened.opened)
    span.setAttribute('fieldseal.unopened', opened.unopened)
    return opened
  } catch (error) {
    span.setAttribute('error.type', error instanceof FieldsealError ? error.code : 'FIELDSEAL_INTERNAL')
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}
