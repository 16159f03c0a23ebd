import type { TransportStats } from '../outcomes.ts'
import { LineSeal, type PinoSealingOptions } from './line-seal.ts'
import { markerOf } from './marker.ts'

/** What `sealingHook` gives: `pino({ hooks: seal.hooks })`, or `pino({ ...seal })`. */
export interface SealingHook {
  readonly hooks: {
    /** @param line - as pino has written it, with its line end. @returns the line that leaves. */
    readonly streamWrite: (line: string) => string
  }
  /** What became of the lines so far. */
  readonly stats: () => TransportStats
  /** Says that no line comes any more. */
  readonly close: () => void
}

/**
 * A hook that seals each line within the call that logs it, before any stream or worker has it. It needs pino 9.6 or
 * later: earlier versions do not call it.
 *
 * @param options - `onFailure` is `drop` by default: in the place of a line that cannot be sealed a marker is logged that
 *   has its level, its time and the code of the error. With `throw` the call that logs throws.
 * @throws FieldsealError where the options or the configuration are wrong.
 */
export function sealingHook(options: PinoSealingOptions): SealingHook {
  const seal = new LineSeal(options, 'drop')
  const messageKey = options.messageKey ?? 'msg'
  const streamWrite = (line: string): string => {
    try {
      return seal.one(line)
    } catch (error) {
      const own = seal.outcomes.failed(error)
      if (seal.outcomes.onFailure === 'throw') throw own
      return markerOf(line, own.code, messageKey)
    }
  }
  return { hooks: { streamWrite }, stats: () => seal.stats(), close: () => seal.close() }
}
