import { validate as isIdentityCard } from 'stdnum/lib/cjs/hk/hkid.js'
import { afterEscape, isAlphanumeric, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import type { Detector } from '../detector.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isHkid = acceptedBy(isIdentityCard)

const PRINTED = /^[A-Za-z]{1,2}[0-9]{6}\([0-9Aa]\)$/

const lettersAndDigits = (match: string): string => match.replace(/[^0-9A-Za-z]/g, '').toUpperCase()

export const hkHkid: Detector = {
  name: 'hk_hkid',
  title: 'Hong Kong identity card number',
  group: 'national_id',
  activation: 'always',
  finds:
    'Identity card numbers as they are printed, `A123456(3)`: one or two letters, six digits and a right check digit, or A for 10, in brackets (modulus 11; Immigration Department).',
  misses: 'Numbers without brackets; see `hk_hkid_labelled`.',
  patterns: [String.raw`${LEFT_EDGE}[A-Za-z]{1,2}[0-9]{6}\([0-9Aa]\)`],
  wakes: [String.raw`[A-Za-z][0-9]{6}\([0-9Aa]\)`],
  lowEntropy: true,
  examples: ['HKID G123456(A)'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    const written = text.slice(start, end)
    if (!PRINTED.test(written) || joinedBefore(text, start) || isAlphanumeric(text, end) || joinedAfter(text, end))
      return undefined
    return isHkid(lettersAndDigits(written)) ? { start, end } : undefined
  },
  normalise: lettersAndDigits,
}

export const hkHkidLabelled = numbered({
  name: 'hk_hkid_labelled',
  title: 'Hong Kong identity card number beside a word',
  finds: 'The numbers that `hk_hkid` finds, without brackets: `A1234563`.',
  misses: 'Numbers that no word names.',
  shapes: ['[A-Za-z]{1,2}[0-9]{6}[ -]?[0-9Aa]'],
  gate: {
    words: [
      'hkid',
      'hk id',
      'hong kong id',
      'hong kong identity',
      'hong kong identity card',
      'identity card',
      'id card',
      '身份證',
      '身份證號碼',
      '香港身份證',
      '身份证',
    ],
  },
  examples: ['HKID C5678909'],
  isValid: isHkid,
})
