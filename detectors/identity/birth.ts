import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import type { Detector } from '../detector.ts'
import { calendarDate } from './calendar-date.ts'

const MONTH =
  '(?:[Jj][Aa][Nn]|[Ff][Ee][Bb]|[Mm][Aa][Rr]|[Aa][Pp][Rr]|[Mm][Aa][Yy]|[Jj][Uu][Nn]|[Jj][Uu][Ll]|[Aa][Uu][Gg]|[Ss][Ee][Pp]|[Oo][Cc][Tt]|[Nn][Oo][Vv]|[Dd][Ee][Cc])[A-Za-z]{0,6}'

const SHAPES = [
  // 1980-02-29, 1980/2/29, 19800229; a time may follow.
  '(?:18|19|20)[0-9]{2}(?:[-/.]?[0-9]{1,2}){2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?',
  // 29.02.1980, 2/29/80, 29-02-1980.
  '[0-9]{1,2}[-/.] ?[0-9]{1,2}[-/.] ?(?:(?:18|19|20)[0-9]{2}|[0-9]{2})',
  // 29-Feb-1980, 29-feb-80.
  `[0-9]{1,2}-${MONTH}-(?:(?:18|19|20)[0-9]{2}|[0-9]{2})`,
  // 29 February 1980, 29th of February, 1980, 29. Feb. 1980.
  `[0-9]{1,2}(?:st|nd|rd|th|[.])?(?: of)? ${MONTH}[.,]? (?:18|19|20)[0-9]{2}`,
  // February 29, 1980.
  `${MONTH}[ .-]{1,2}[0-9]{1,2}(?:st|nd|rd|th)?[ ,-]{1,2}(?:18|19|20)[0-9]{2}`,
]

/** A time of day right behind a date: it is an instant of a log, unless it is midnight. */
const TIME_BEHIND = /^(?:T|[ ,]{1,2})(?!00:00(?!:?0*[1-9]))\d{2}:\d{2}/

const TIME = /T\d{2}:\d{2}.*$/
const MIDNIGHT = /T00:00(?::00(?:[.,]0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/

/** A key that names a birth right before: programs store days as instants of another time zone. */
const BIRTH_BEFORE = /(?:dob|birth ?_?-?(?:date|day|dt)|date ?_?-?of ?_?-?birth|born)["'\\]{0,4}\s?[:=]\s?["'\\]{0,4}$/i

const WINDOW_BYTES = 40

export const dateOfBirth: Detector = {
  name: 'date_of_birth',
  title: 'Date of birth',
  group: 'identity',
  activation: 'gated',
  finds:
    'Dates of the calendar from 1880 to 2049, with day, month and year in any order in use, the month as a number or in English, near a word that names a birth. With a time of day only at midnight, or where the date is the whole value or stands right behind such a word.',
  misses:
    'Dates without such a word or key, without a day or a year, with months in other languages, and as seconds since 1970. Another date near the word is found too.',
  patterns: SHAPES.map((shape) => `${LEFT_EDGE}(?:${shape})\\b`),
  gate: {
    // biome-ignore format: a list of words
    words: [
      'dob', 'date of birth', 'birth date', 'birthdate', 'birthday', 'birth dt', 'born', 'born on',
      'year of birth', 'geburtsdatum', 'geburtstag', 'geboren', 'geb', 'date de naissance', 'né le', 'née le',
      'fecha de nacimiento', 'fecha nacimiento', 'nacido', 'data di nascita', 'nato il', 'nata il',
      'data de nascimento', 'geboortedatum', 'födelsedatum', 'fødselsdato', 'data urodzenia', 'syntymäaika',
      'doğum tarihi', '生年月日', '出生日期', '生日', '생년월일',
    ],
  },
  lowEntropy: true,
  examples: ['DOB: 1980-02-29', 'born on February 29, 1980'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (end <= start || joinedBefore(text, start)) return undefined
    const printed = text.slice(start, end)
    if (calendarDate(printed.replace(TIME, '')) === undefined) return undefined
    const isNamed = BIRTH_BEFORE.test(text.slice(Math.max(0, start - WINDOW_BYTES), start))
    const isWhole = text.trim() === printed
    if (TIME.test(printed) && !MIDNIGHT.test(printed) && !isNamed && !isWhole) return undefined
    const behind = text.slice(end, end + WINDOW_BYTES)
    if (!isNamed && TIME_BEHIND.test(behind)) return undefined
    return joinedAfter(text, end) && !/^T\d{2}:\d{2}/.test(behind) ? undefined : { start, end }
  },
  normalise: (match) => calendarDate(match.replace(TIME, '')) ?? match.toLowerCase(),
}
