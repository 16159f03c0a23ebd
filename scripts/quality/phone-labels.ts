import type { Label, Sentence } from './data-set.ts'

/** What people write before a phone number, whatever the words of our own gate are. */
const WORD = /\b(?:phone|telephone|tel|mobile|cell|fax)\b/i

const WITHIN_BYTES = 30

/** Whether a reader is told that it is a phone number: by its plus sign, or by a word shortly before it. */
export function isAnnounced({ text, start }: Label, sentence: Sentence): boolean {
  if (text.startsWith('+')) return true
  const before = Buffer.from(sentence.text).toString('utf8', Math.max(0, start - WITHIN_BYTES), start)
  return WORD.test(before)
}
