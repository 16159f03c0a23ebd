import { mod11mod10Validate, mod97base10Validate, verhoeffValidate } from 'stdnum/lib/cjs/util/checksum.js'
import { passesLuhn } from './checksum/luhn.ts'
import type { Span } from './detector.ts'
import { DETECTORS } from './index.ts'

/** Checksums over the letters and digits of a match, in upper case. */
const CHECKSUMS: Readonly<Record<string, (text: string) => boolean>> = {
  /** ISO/IEC 7812-1, annex B. */
  luhn: (text) => isDigits(text) && passesLuhn(text),
  /** J. Verhoeff, Error Detecting Decimal Codes, 1969. */
  verhoeff: (text) => isDigits(text) && verhoeffValidate(text),
  /** ISO/IEC 7064, MOD 97-10: the number, with letters as 10 to 35, leaves 1. */
  mod_97_10: (text) => mod97base10Validate(text),
  /** ISO/IEC 7064, MOD 11,10. */
  mod_11_10: (text) => isDigits(text) && mod11mod10Validate(text),
}

const isDigits = (text: string): boolean => /^[0-9]+$/.test(text)

/** Whether a candidate is right; the arguments are those of a detector's `confirm`. */
export type Validator = (text: string, candidate: Span) => boolean

function ofChecksum(passes: (text: string) => boolean): Validator {
  return (text, { start, end }) => {
    const plain = text
      .slice(start, end)
      .replace(/[^0-9A-Za-z]/g, '')
      .toUpperCase()
    return plain.length > 1 && passes(plain)
  }
}

/** By name: checksums, and the detectors of the catalogue that have patterns. */
export const VALIDATORS: ReadonlyMap<string, Validator> = new Map([
  ...Object.entries(CHECKSUMS).map(([name, passes]): [string, Validator] => [name, ofChecksum(passes)]),
  ...DETECTORS.filter(({ patterns }) => patterns.length > 0).map((detector): [string, Validator] => [
    detector.name,
    (text, candidate) => detector.confirm(text, candidate) !== undefined,
  ]),
])

export const VALIDATOR_NAMES: readonly string[] = [...VALIDATORS.keys()]
