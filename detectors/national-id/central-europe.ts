import { validate as isRodneCislo } from 'stdnum/lib/cjs/cz/rc.js'
import { validate as isNip } from 'stdnum/lib/cjs/pl/nip.js'
import { validate as isPesel } from 'stdnum/lib/cjs/pl/pesel.js'
import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { looksLikeTime } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isBirthNumber = acceptedBy(isRodneCislo)

export const plPesel = numbered({
  name: 'pl_pesel',
  title: 'Polish PESEL number',
  finds:
    'PESEL numbers: year, month (plus 20 from 2000 on, plus 80 before 1900) and day of birth, four digits and a check digit (weights 1 3 7 9, modulus 10).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{11}'],
  gate: { words: ['pesel', 'numer pesel', 'nr pesel', 'pesel number'] },
  examples: ['PESEL 44051401458'],
  isValid: acceptedBy(isPesel),
})

export const plNip = numbered({
  name: 'pl_nip',
  title: 'Polish tax number',
  finds:
    'Polish NIP: ten digits, the last of which checks the others (weights 6 5 7 2 3 4 5 6 7, modulus 11), in one run, grouped 3-3-2-2 or 3-2-2-3, at times behind `PL`.',
  misses: 'Numbers that no word names.',
  shapes: [
    '(?:PL ?)?[0-9]{10}',
    '(?:PL ?)?[0-9]{3}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}',
    '(?:PL ?)?[0-9]{3}[ -][0-9]{2}[ -][0-9]{2}[ -][0-9]{3}',
  ],
  gate: { words: ['nip', 'numer nip', 'identyfikacji podatkowej', 'vat', 'vat number', 'tax number', 'tax id'] },
  examples: ['NIP 856-734-62-15'],
  isValid: (compact) => acceptedBy(isNip)(compact.replace('PL', '')),
})

export const czSkRodneCislo = numbered({
  name: 'cz_sk_rodne_cislo',
  title: 'Czech and Slovak birth number',
  finds:
    'Birth numbers of ten digits as they are printed, `850101/0000`: year, month (plus 50 for women, plus 20 where serials were used up) and day of birth, and as a whole a multiple of 11, or ending in 0 where the rest is 10 (until 1985).',
  misses:
    'Numbers without the slash and those of nine digits (before 1954), which have no check digit: see `cz_sk_rodne_cislo_labelled`; inside of a path; and those that could be a date with a time.',
  shapes: ['[0-9]{2}[0-8][0-9][0-3][0-9]/[0-9]{4}'],
  apartFrom: '/',
  examples: ['r.č. 710319/2745'],
  isValid: (compact) => !looksLikeTime(compact.slice(0, 6), compact.slice(6)) && isBirthNumber(compact),
})

export const czSkRodneCisloLabelled = numbered({
  name: 'cz_sk_rodne_cislo_labelled',
  title: 'Czech and Slovak birth number beside a word',
  finds: 'What `cz_sk_rodne_cislo` finds, also without the slash and with nine digits, beside a word for it.',
  misses: 'Numbers that no word names. Numbers of nine digits are a date of birth until 1953 and any three digits.',
  shapes: ['[0-9]{6}[ /-]?[0-9]{3,4}'],
  gate: {
    words: [
      'rodne cislo',
      'rodné číslo',
      'rodného čísla',
      'rodnecislo',
      'rodného cisla',
      'r č',
      'birth number',
      'personal number',
    ],
  },
  examples: ['rodné číslo 7103192745'],
  isValid: isBirthNumber,
})

/** Act XX of 1996 (Hungary): the ten digits without the check digit, each times its place from the left, modulo 11. */
export const huTin = numbered({
  name: 'hu_tin',
  title: 'Hungarian tax number of a person',
  finds:
    'Adóazonosító jelek: ten digits that begin with 8, of which the last is the sum of the others, each times its place from the left, modulo 11 (1996. évi XX. törvény).',
  misses: 'Numbers that no word names; the personal number, the TAJ number, and tax numbers of companies.',
  shapes: ['8[0-9]{9}', '8[0-9]{3} [0-9]{3} [0-9]{3}'],
  gate: { words: ['adoazonosito', 'adóazonosító', 'ado azonosito', 'adó azonosító', 'tin', 'tax id', 'tax number'] },
  examples: ['adóazonosító jel: 8071592153'],
  isValid: (compact) =>
    weightedSum(compact.slice(0, 9), { weights: [1, 2, 3, 4, 5, 6, 7, 8, 9], modulus: 11 }) === Number(compact[9]),
})
