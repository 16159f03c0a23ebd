import { afterEscape, isWord, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import { passesIcao9303 } from '../checksum/icao-9303.ts'
import type { Detector, Span } from '../detector.ts'
import { standalone } from '../standalone.ts'

/** Between the lines of a zone: a line break, as it is or escaped, or one other separator. */
const BREAK = String.raw`(?:\r?\n|(?:\\r)?\\n|[ ,|])`

/** Document, issuer and names: 44 characters in passports and large visas, 36 in cards of two lines and small visas. */
const NAMES = '[ACIPV][A-Z<]{35}(?:[A-Z<]{8})?'

/** Number, nationality, birth, sex and expiry, each of them but the letters with a check digit, and optional data. */
const DATA = '[0-9A-Z][0-9A-Z<]{8}[0-9][A-Z<]{3}[0-9]{7}[FMX<][0-9]{7}[0-9A-Z<]{8}(?:[0-9A-Z<]{8})?'

/** Cards of three lines, 30 characters each: the number in the first, the dates in the second, the names in the third. */
const CARD = `[ACI][A-Z<]{4}[0-9A-Z<]{25}${BREAK}[0-9]{7}[FMX<][0-9]{7}[A-Z<]{3}[0-9A-Z<]{11}[0-9](?:${BREAK}[A-Z<]{30})?`

const LINES = new RegExp(BREAK)

/** Number, birth and expiry. Visas have no check digit over all of them, so that it is not asked for. */
function isDataLine(line: string): boolean {
  const fields = [line.slice(0, 10), line.slice(13, 20), line.slice(21, 28)]
  return (line.length === 44 || line.length === 36) && fields.every(passesIcao9303)
}

function isNamesLine(line: string): boolean {
  return (line.length === 44 || line.length === 36) && /^.[A-Z<][A-Z][A-Z<]{2}[A-Z][A-Z<]*<</.test(line)
}

function isCard(first: string, second: string): boolean {
  const fields = [first.slice(5, 15), second.slice(0, 7), second.slice(8, 15)]
  const all = first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18)
  return first.length === 30 && second.length === 30 && fields.every(passesIcao9303) && passesIcao9303(all)
}

/** How many characters of a candidate are a zone; 0 where it is none. */
function zoneLength(written: string): number {
  const [first = '', second = ''] = written.split(LINES)
  if (first.length === 30) return isCard(first, second) ? written.length : 0
  if (second === '') return isDataLine(first) || isNamesLine(first) ? written.length : 0
  if (!isNamesLine(first)) return 0
  return first.length === second.length && isDataLine(second) ? written.length : first.length
}

/** `</mrz>` may follow. */
function goesOn(text: string, end: number): boolean {
  return isWord(text, end) || (text[end] === '<' && text[end + 1] !== '/')
}

export const passportMrz: Detector = {
  name: 'passport_mrz',
  title: 'Machine-readable zone of a passport, visa or identity card',
  group: 'identity',
  activation: 'always',
  finds:
    'Machine-readable zones of passports, visas and identity cards (ICAO Doc 9303, TD1, TD2, TD3, MRV-A and MRV-B), in capitals: the line of data, whose number, birth and expiry have right check digits (weights 7 3 1), with the line of names before it, and either of them alone.',
  misses:
    'Zones with an unknown date of birth or read wrongly, and a single line of the cards that have three. The line of names alone has no check digit.',
  patterns: [`${LEFT_EDGE}(?:${CARD}|${NAMES}(?:${BREAK}${DATA})?|${DATA})`],
  // The line of names begins with a letter; the others have two dates with the sex between them.
  wakes: [`${LEFT_EDGE}[ACIPV][A-Z<]{35}`, '[0-9]{7}[FMX<][0-9]{7}'],
  lowEntropy: false,
  examples: [
    'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10',
    'mrz=D231458907UTO7408122F1204159<<<<<<<6',
  ],
  confirm(text: string, candidate: Span): Span | undefined {
    const start = afterEscape(text, candidate)
    if (start >= candidate.end || joinedBefore(text, start) || text[start - 1] === '<') return undefined
    const end = start + zoneLength(text.slice(start, candidate.end))
    return end === start || goesOn(text, end) ? undefined : { start, end }
  },
  normalise: (match) => match.replace(/\\r|\\n|[^0-9A-Z<]/g, ''),
}

export const passportNumber = standalone({
  name: 'passport_number',
  title: 'Passport number',
  group: 'identity',
  activation: 'gated',
  finds:
    'What may be the number of a passport of any country, right beside a word for it: up to three letters and five to nine digits, and at times a letter behind, six to ten characters in all.',
  misses:
    'Numbers further than 15 characters from a word. There is no check digit outside of the machine-readable zone, so that any number of such a form is found.',
  shapes: ['[A-Za-z]{0,3}[0-9]{5,9}[A-Za-z]?'],
  gate: {
    words: [
      'passport',
      'passport number',
      'passport no',
      'passport nr',
      'passport id',
      'travel document',
      'reisepass',
      'reisepassnummer',
      'passeport',
      'pasaporte',
      'passaporto',
      'passaporte',
      'paspoort',
      'paspoortnummer',
      'paszport',
      'pasaport',
      'паспорт',
      'загранпаспорт',
      '护照',
      '護照',
      'パスポート',
      '旅券番号',
      '여권',
      'جواز سفر',
      'पासपोर्ट',
    ],
    within: 15,
  },
  lowEntropy: false,
  examples: ['passport no. C1234567', 'Reisepass 123456789'],
  accepts: (printed) => printed.length >= 6 && printed.length <= 10,
})
