import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import type { Detector } from '../detector.ts'

/** Published by the Social Security Administration as never to be valid: printed in a wallet and in a pamphlet. */
const NEVER_ISSUED = new Set(['078-05-1120', '219-09-9999'])

export const usSsn: Detector = {
  name: 'us_ssn',
  title: 'US social security number',
  group: 'national_id',
  activation: 'always',
  finds:
    'Numbers of the Social Security Administration as they are printed, `AAA-GG-SSSS`: area not 000, 666 or 900 to 999, group not 00, serial not 0000, and not one of the two numbers that the administration published as invalid.',
  misses:
    'Numbers without hyphens: nine digits are in every log, and there is no check digit. Taxpayer numbers (ITIN), whose area begins with 9. Other identifiers with the shape 3-2-4 are found as well.',
  patterns: [String.raw`${LEFT_EDGE}[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}\b`],
  lowEntropy: true,
  examples: ['ssn 536-22-8726'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (end - start !== 11 || joinedBefore(text, start) || joinedAfter(text, end)) return undefined
    const number = text.slice(start, end)
    if (number.startsWith('000') || number.startsWith('666')) return undefined
    if (number.startsWith('00', 4) || number.endsWith('0000') || NEVER_ISSUED.has(number)) return undefined
    return { start, end }
  },
  normalise: (match) => match.replace(/\D/g, ''),
}
