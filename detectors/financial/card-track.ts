import { afterEscape, isAlphanumeric, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import { passesLuhn } from '../checksum/luhn.ts'
import type { Detector } from '../detector.ts'
import { networkOf } from './card-networks.ts'

/** Number, name, expiry, then service code and what the issuer has put there, up to the end sentinel or a space. */
const FIRST_TRACK =
  /^B(\d{12,19})(?:\^|%5E)[ -\]_-~]{2,40}(?:\^|%5E)\d{2}(?:0[1-9]|1[0-2])(?:[ -\]_-~]{0,60}?\?|[!#-&(-\]_-~]{0,60})/i

/** Number, separator, expiry, service code (ISO/IEC 7813), what the issuer has put there; `D` and `F` as chips write it. */
const SECOND_TRACK = /^(\d{12,19})(?:=|%3D|D)\d{2}(?:0[1-9]|1[0-2])[125679][024][0-7]\d{0,24}F?(?:\?|%3F)?/i

export const cardTrack: Detector = {
  name: 'card_track',
  title: 'Payment card track data',
  group: 'financial',
  activation: 'always',
  finds:
    'What the magnetic stripe of a card holds (ISO/IEC 7813), and its equivalent from a chip: track 1 from `B` on, track 2 from the number on, to the end sentinel; the number must be that of a card network with the right check digit (Luhn), and the expiry have a month.',
  misses: 'Track 3, which payment cards do not use, and tracks whose number stands in groups.',
  patterns: [
    String.raw`${LEFT_EDGE}B[0-9]{12,19}(?:\^|%5[Ee])[ -\]_-~]{2,40}(?:\^|%5[Ee])[0-9]{4}[ -\]_-~]{0,60}`,
    String.raw`${LEFT_EDGE}(?:[2-689]|1800)[0-9]{11,18}(?:=|%3[Dd]|D)[0-9]{7,31}F?(?:\?|%3[Ff])?`,
  ],
  lowEntropy: false,
  examples: ['%B4111111111111111^DOE/JANE^30121010000000000?', ';4111111111111111=30121010000012300?'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    if (joinedBefore(text, start)) return undefined
    const taken = text.slice(start, candidate.end)
    const match = FIRST_TRACK.exec(taken) ?? SECOND_TRACK.exec(taken)
    if (match === null || networkOf(match[1]!) === undefined || !passesLuhn(match[1]!)) return undefined
    const end = start + match[0].length
    return isAlphanumeric(text, end) && isAlphanumeric(text, end - 1) ? undefined : { start, end }
  },
  normalise: (match) => match.replace(/%5E/gi, '^').replace(/%3D/gi, '=').toUpperCase(),
}
