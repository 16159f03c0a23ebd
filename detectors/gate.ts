import type { Gate, Span } from './detector.ts'
import { RE2 } from './re2.ts'

/** Characters between a word and a candidate where a gate says nothing else. */
export const DEFAULT_WITHIN = 30

const IS_ASCII = /^[\x20-\x7e]*$/

/** What makes a word whole on a side. */
const EDGE = '[^0-9A-Za-z]'

/**
 * A word as the source of a pattern over the characters of `text`: a space is any one separator, or none.
 *
 * @param encoding - `latin1` for texts that have one character for each byte.
 */
function wordSource(word: string, encoding: 'utf8' | 'latin1'): string {
  return [...word].map((character) => characterSource(character, encoding)).join('')
}

function characterSource(character: string, encoding: 'utf8' | 'latin1'): string {
  if (/[a-z0-9]/i.test(character)) return character
  if (character === ' ') return '[ _.-]?'
  if (encoding === 'utf8') return escaped(character)
  // Of bytes no pattern knows the upper case.
  const cases = new Set([character.toLowerCase(), character.toUpperCase()])
  return `(?:${[...cases].map((one) => escaped(Buffer.from(one).toString('latin1'))).join('|')})`
}

function escaped(text: string): string {
  return [...text].map((character) => `\\x{${character.codePointAt(0)!.toString(16)}}`).join('')
}

function anyOf(words: readonly string[], encoding: 'utf8' | 'latin1'): string {
  return `(?:${words.map((word) => wordSource(word, encoding)).join('|')})`
}

/**
 * A key as lower-case words with one space between them: split at what is no letter or digit, before a capital that
 * follows a small letter or digit, and before the last capital of a run (`userSSNNumber` is `user ssn number`).
 */
export function keyWords(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}

/**
 * Source of a pattern for a first look at many values, joined or alone: it matches wherever one of the words may open a
 * gate, and at times where none does. Undefined where there are no words.
 *
 * @param script - words of ASCII alone, or the others alone: most texts can have none of those.
 */
export function anyWordSource(gates: readonly Gate[], script: 'any' | 'ascii' | 'other' = 'any'): string | undefined {
  const all = [...new Set(gates.flatMap((gate) => gate.words))].sort()
  const words = script === 'any' ? all : all.filter((word) => IS_ASCII.test(word) === (script === 'ascii'))
  // A digit may stand beside a word: the candidate itself.
  return words.length === 0 ? undefined : `(?i)(?:^|[^A-Za-z])${anyOf(words, 'utf8')}(?:[^A-Za-z]|$)`
}

/** Sources of the patterns that are tried on a key as words. */
export function keySources({ words, keys = [] }: Gate): readonly string[] {
  return words.length === 0 ? keys : [...keys, `(?:^| )${anyOf(words, 'utf8')}(?: |$)`]
}

/** The words of a gate, ready to be looked for beside a candidate. */
export class GateWords {
  /** A word, and what may stand between it and the candidate, up to the end of the text. */
  readonly #before: RE2
  /** The same behind the candidate, from the beginning of the text. */
  readonly #after: RE2
  /** Characters on either side among which a word must be. */
  readonly #window: number

  constructor({ words, within = DEFAULT_WITHIN }: Gate) {
    // One more on either side of the word says whether it is whole.
    this.#window = within + words.reduce((longest, word) => Math.max(longest, Buffer.byteLength(word)), 0) + 1
    const word = anyOf(words, 'latin1')
    const between = within > 0 ? `(?:${EDGE}.{0,${within - 1}})?` : ''
    this.#before = new RE2(`(?is)(?:^|${EDGE})${word}${between}$`, 'u')
    this.#after = new RE2(`(?is)^${within > 0 ? `(?:.{0,${within - 1}}${EDGE})?` : ''}${word}(?:${EDGE}|$)`, 'u')
  }

  /** @param text - latin1. */
  standBeside(text: string, { start, end }: Span): boolean {
    const before = text.slice(Math.max(0, start - this.#window), start)
    const after = text.slice(end, end + this.#window)
    // `ninoAB123456C` is one word: only a digit may follow, or come before, a word directly.
    return (
      (this.#before.test(before) && !(isLetter(text, start) && isLetter(text, start - 1))) ||
      (this.#after.test(after) && !(isLetter(text, end - 1) && isLetter(text, end)))
    )
  }
}

function isLetter(text: string, index: number): boolean {
  const code = text.charCodeAt(index) | 0x20
  return code >= 97 && code <= 122
}
