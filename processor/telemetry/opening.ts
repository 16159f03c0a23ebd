import { report } from './instruments.ts'
import type { AttributesOf } from './metrics.ts'

export type RefusalReason = AttributesOf<'fieldseal.opening.refusals'>['fieldseal.refusal.reason']

/** What came of opening one batch. */
export interface OpeningCounts {
  readonly format: string
  readonly opened: number
  /** Sealed values that stay. */
  readonly unopened: number
  readonly refusals: ReadonlyMap<RefusalReason, number>
}

/** Reports it, once for the whole batch. Never throws. */
export function reportOpening({ format, opened, unopened, refusals }: OpeningCounts): void {
  report((recording) => {
    const attributes = { 'fieldseal.format': format }
    recording.add('fieldseal.opening.values', opened, { ...attributes, 'fieldseal.value.state': 'opened' })
    recording.add('fieldseal.opening.values', unopened, { ...attributes, 'fieldseal.value.state': 'sealed' })
    for (const [reason, count] of refusals)
      recording.add('fieldseal.opening.refusals', count, { ...attributes, 'fieldseal.refusal.reason': reason })
  })
}
