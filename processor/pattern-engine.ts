import { RE2_FAULT, type RE2Fault } from '../detectors/re2.ts'
import { FieldsealError } from './errors.ts'

/**
 * Sees that there is a pattern engine. Called before rules are compiled: without it every pattern would seem to be wrong.
 *
 * @throws FieldsealError `FIELDSEAL_PATTERN_ENGINE_MISSING`, with the command that mends it as hint.
 */
export function requirePatternEngine(fault: RE2Fault | undefined = RE2_FAULT): void {
  if (fault === undefined) return
  // In the message too: of an error that nobody catches, Node shows that alone.
  const message = `the pattern engine, the package re2, is ${fault}: run "npm rebuild re2"`
  throw new FieldsealError('FIELDSEAL_PATTERN_ENGINE_MISSING', message)
}
