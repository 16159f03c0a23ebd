import type { FieldsealError } from '../../errors.ts'
import { type EngineOptions, leaseEngine } from '../engines.ts'
import { type FailureOptions, Outcomes, type TransportStats } from '../outcomes.ts'
import { type Info, InfoSealer } from './info.ts'
import { isCalledByTransport, misplacementOf } from './misplacement.ts'

export type SealFormatOptions = EngineOptions & FailureOptions

/** A format of logform that seals; `Format` of winston, by its shape. */
export interface SealFormat {
  readonly options: object
  /** @returns a sealed copy, or false: winston passes on nothing then. */
  transform(info: Info, options?: unknown): Info | false
  stats(): TransportStats
  /** Says that there will be no more records: the keys of the running epoch are dropped. A record that comes all the same is sealed. */
  close(): void
}

/** Records that are looked at for a wrong order of formats, before it is taken to be right. */
const LOOKED_AT = 100

/**
 * A format for the logger, behind `splat()` and `errors()` and before `json()` or whatever makes the line.
 *
 * It gives a copy in which message, fields, errors with their causes, and what winston keeps under symbols are sealed; what
 * the application has handed over is not altered. By default a record that cannot be sealed is left out.
 *
 * @throws FieldsealError where the options or the configuration are wrong.
 */
export function seal(options: SealFormatOptions): SealFormat {
  const outcomes = new Outcomes(options)
  const lease = leaseEngine(options)
  const sealer = new InfoSealer(lease.engine)
  let toLookAt = LOOKED_AT
  const lookAt = (info: Info) => {
    const misplacement = misplacementOf(info, toLookAt === LOOKED_AT && isCalledByTransport())
    toLookAt = misplacement === undefined ? toLookAt - 1 : 0
    if (misplacement !== undefined) tell(misplacement, options.onError)
  }
  return {
    options: {},
    transform(info) {
      try {
        if (toLookAt > 0) lookAt(info)
        const sealed = sealer.seal(info)
        outcomes.passed(sealed.edited)
        return sealed.info
      } catch (error) {
        const own = outcomes.failed(error)
        if (outcomes.onFailure === 'throw') throw own
        return false
      }
    },
    stats: () => outcomes.stats(),
    close: () => lease.release(),
  }
}

function tell(error: FieldsealError, onError: FailureOptions['onError']): void {
  if (onError === undefined) {
    process.emitWarning(error.message, { type: 'FieldsealWarning', code: error.code, detail: error.hint })
    return
  }
  try {
    onError(error)
  } catch {
    // As of every other error.
  }
}
