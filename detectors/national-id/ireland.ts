import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { numbered } from './numbered.ts'

/**
 * The check letter, place 0 being W: seven digits with weights 8 to 2, and the letter behind it with weight 9 where it is A
 * to I (Revenue, "Checking a PPS number", since 2013); W, T and X, which are older, count nothing.
 *
 * @param compact - seven digits, the check letter, and at most one letter.
 */
function hasCheckLetter(compact: string): boolean {
  const digits = weightedSum(compact.slice(0, 7), { weights: [8, 7, 6, 5, 4, 3, 2], modulus: 23 })
  const letter = Math.max(0, ' ABCDEFGHI'.indexOf(compact[8] ?? ' '))
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(digits + 9 * letter) % 23] === compact[7]
}

/** One letter that hexadecimal numbers and sizes (`1048576K`) end in as well, or both in lower case. */
const WEAK_LETTERS = /^[0-9]{7}(?:[A-FKM]|[a-z]+)$/

export const iePps = numbered({
  name: 'ie_pps',
  title: 'Irish Personal Public Service number',
  finds:
    'PPS numbers of Ireland: seven digits, a check letter A to W (weights 8 to 2, and 9 for the letter behind it; modulus 23; Revenue) and at times a second letter (A to I, T, W or X), in upper case.',
  misses:
    'Numbers with one letter where it is A to F, K or M, or in lower case: hexadecimal text and sizes look the same; see `ie_pps_labelled`.',
  shapes: ['[0-9]{7}[A-W][A-ITWX]?'],
  examples: ['PPSN 6433435OA', 'pps 3628739L'],
  isValid: (compact, written) => !WEAK_LETTERS.test(written) && hasCheckLetter(compact),
})

export const iePpsLabelled = numbered({
  name: 'ie_pps_labelled',
  title: 'Irish Personal Public Service number beside a word',
  finds: 'What `ie_pps` finds, with every check letter, in either case and with a space or slash before a letter.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{7} ?[A-Wa-w][/ ]?[A-ITWXa-itwx]?'],
  gate: { words: ['pps', 'ppsn', 'pps number', 'pps no', 'personal public service', 'uimhir psp', 'uimhir pearsanta'] },
  examples: ['pps no. 6433435f'],
  isValid: hasCheckLetter,
})
