import { RE2_FAULT, type RE2Fault } from '../detectors/re2.ts'
import { FieldsealError } from './errors.ts'

/**
 * Sees that there is a pattern engine. Called before rules are compiled: without it every pattern would seem to be wrong.
 *
 * @throws FieldsealError `FIELDSEAL_PATTERN_ENGINE_MISSING`, with the command that mends it as hint.
 */
export function requirePatternEngine(fault: RE2Fault | undefined = RE2_FAULT): void {
  if (fault !== undefined)
    throw new FieldsealError('FIELDSEAL_PATTERN_ENGINE_MISSING', `the pattern engine, the package re2, is ${fault}`)
}
