import { validate as isCpr } from 'stdnum/lib/cjs/dk/cpr.js'
import { validate as isHetu } from 'stdnum/lib/cjs/fi/hetu.js'
import { validate as isFodselsnummer } from 'stdnum/lib/cjs/no/fodselsnummer.js'
import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { LEFT_EDGE } from '../boundary.ts'
import { passesLuhn } from '../checksum/luhn.ts'
import { isDayOfYear, isOfOurYears, looksHexadecimal, looksLikeTime } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasHetuCheckCharacter = acceptedBy(isHetu)
const hasCprDate = acceptedBy(isCpr)

/** Ten digits, or twelve with the century; coordination numbers have 60 added to their day. */
function isPersonnummer(compact: string): boolean {
  const ten = compact.replace('+', '').slice(-10)
  const [month, day] = [Number(ten.slice(2, 4)), Number(ten.slice(4, 6))]
  // A coordination number may leave month and day at zero.
  const isDay = isDayOfYear(month, day) || (day >= 60 && isDayOfYear(month || 1, day - 60 || 1))
  return isDay && passesLuhn(ten)
}

export const sePersonnummer = numbered({
  name: 'se_personnummer',
  title: 'Swedish personal identity number',
  finds:
    'Personnummer and samordningsnummer as they are printed, `YYMMDD-NNNX` or `YYYYMMDD-NNNX`, with `+` from the year of the hundredth birthday on: date of birth (plus 60 for coordination numbers) and a Luhn digit.',
  misses:
    'Numbers without the hyphen, and those that could be a date with a time (`150321-1045`) or a small number behind it, or a day of 2020 to 2039 in either order (`260817-4711`, `170826-4711`), as jobs and batches are named: see `se_personnummer_labelled`.',
  shapes: ['(?:18|19|20)?[0-9]{2}[01][0-9]{3}[-+][0-9]{4}'],
  wakes: [`${LEFT_EDGE}(?:[0-9]{2})?[0-9]{6}[-+][0-9]{4}`],
  examples: ['personnummer 871220-2384'],
  isValid: (compact) =>
    !looksLikeTime(compact.replace('+', '').slice(-10, -4), compact.slice(-4)) &&
    !isOfOurYears(compact.replace('+', '').slice(-10, -4)) &&
    isPersonnummer(compact),
})

export const sePersonnummerLabelled = numbered({
  name: 'se_personnummer_labelled',
  title: 'Swedish personal identity number beside a word',
  finds: 'What `se_personnummer` finds, also as ten or twelve digits, beside a word for it.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:18|19|20)?[0-9]{2}[01][0-9]{3}[-+ ]?[0-9]{4}'],
  gate: {
    words: [
      'personnummer',
      'personnr',
      'person nr',
      'pnr',
      'samordningsnummer',
      'personal identity number',
      'svensk id',
      'swedish id',
    ],
  },
  examples: ['personnummer 199003052397'],
  isValid: isPersonnummer,
})

export const seOrgnr = numbered({
  name: 'se_orgnr',
  title: 'Swedish organisation number',
  finds:
    'Organisationsnummer: ten digits with a Luhn digit, at times with a hyphen before the last four or `16` in front; the third and fourth digit are 20 or more, which no month is. Sole traders have their personal number instead.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:16)?[1-35-9][0-9][2-9][0-9]{3}-?[0-9]{4}'],
  gate: {
    words: [
      'organisationsnummer',
      'organisationsnr',
      'orgnr',
      'org nr',
      'org number',
      'organisation number',
      'organization number',
      'company identity code',
      'foretagsnummer',
      'företagsnummer',
    ],
  },
  examples: ['org.nr 556703-7485'],
  isValid: (compact) => passesLuhn(compact.slice(-10)),
})

/** Six digits and four: with a digit for a check character, and a year until 1931, it may be a date with anything. */
const MAY_BE_DATED = /^[0-9]{4}(?:[0-2][0-9]|3[01])-[0-9]{4}$/

export const fiHetu = numbered({
  name: 'fi_hetu',
  title: 'Finnish personal identity code',
  finds:
    'Henkilötunnukset: day, month and year of birth, a sign for the century (`+`, `-` and Y X W V U, A to F), three digits, and a check character for the nine digits modulo 31; in either case.',
  misses:
    'Codes with `-` and a digit at their end, of persons born until 1931: dates with a time look the same. In lower case those that hexadecimal text may hold.',
  shapes: ['[0-3][0-9][01][0-9]{3}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]'],
  examples: ['hetu 131052-308T', '020594X903P'],
  isValid: (_, written) =>
    !MAY_BE_DATED.test(written) && !looksHexadecimal(written) && hasHetuCheckCharacter(written.toUpperCase()),
})

export const noFodselsnummer = numbered({
  name: 'no_fodselsnummer',
  title: 'Norwegian birth number',
  finds:
    'Fødselsnummer and D-nummer: day (plus 40 for D-nummer), month (plus 40 for H-nummer) and year of birth, three digits for person and century, and two check digits (modulus 11); at times with a space after the date.',
  misses: 'Numbers that no word names, and synthetic ones, whose month is 80 or more.',
  shapes: ['[0-7][0-9][0-9]{4} ?[0-9]{5}'],
  gate: {
    words: [
      'fodselsnummer',
      'fødselsnummer',
      'fodselsnr',
      'fødselsnr',
      'fnr',
      'personnummer',
      'd nummer',
      'dnr',
      'birth number',
      'national identity number',
    ],
  },
  examples: ['fnr 15108695088'],
  isValid: acceptedBy(isFodselsnummer),
})

/** CPR numbers issued until 2007, and for nearly every day since, are a multiple of 11 when weighted. */
function passesModulus11(compact: string): boolean {
  return weightedSum(compact, { weights: [4, 3, 2, 7, 6, 5, 4, 3, 2, 1], modulus: 11 }) === 0
}

/** Those born since 2000 have a 4 or more there: `240115-1030` and `240115-0042` would have been born in 1915. */
const BORN_UNTIL_1931 = /^[0-9]{4}(?:[0-2][0-9]|3[01])[0-3]/

export const dkCpr = numbered({
  name: 'dk_cpr',
  title: 'Danish personal identification number',
  finds:
    'CPR numbers as they are printed, `DDMMYY-NNNN`: a date of birth (the seventh digit gives the century), and a weighted sum (4 3 2 7 6 5 4 3 2 1) that is a multiple of 11, which is not asked for on 1 January: for some of those days the numbers ran out in 2007.',
  misses:
    'Numbers without the hyphen, other days on which numbers without check digit were issued since 2007, those of persons born until 1931, which dates with a time look like, and those that could be a day of 2020 to 2039 in either order, as jobs and batches are named: see `dk_cpr_labelled`.',
  shapes: ['[0-3][0-9][01][0-9]{3}-[0-9]{4}'],
  examples: ['cpr 211062-5629'],
  isValid: (compact) =>
    !BORN_UNTIL_1931.test(compact) &&
    !isOfOurYears(compact.slice(0, 6)) &&
    hasCprDate(compact) &&
    (compact.startsWith('0101') || passesModulus11(compact)),
})

export const dkCprLabelled = numbered({
  name: 'dk_cpr_labelled',
  title: 'Danish personal identification number beside a word',
  finds: 'CPR numbers with or without a hyphen, and without a check digit, beside a word for them.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-3][0-9][01][0-9]{3}[ -]?[0-9]{4}'],
  gate: { words: ['cpr', 'cpr nr', 'cpr nummer', 'cprnr', 'cprnummer', 'personnummer', 'cpr number'] },
  examples: ['CPR-nr. 0707614285'],
  isValid: hasCprDate,
})
