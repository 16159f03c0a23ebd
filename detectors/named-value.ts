import type { Detector } from './detector.ts'

export interface NamedValueFacts extends Pick<Detector, 'name' | 'title' | 'group' | 'finds' | 'misses'> {
  /** RE2 patterns of the keys, as lower-case words with single spaces. */
  readonly keys: readonly string[]
  readonly lowEntropy: boolean
  /** Values that stand under such keys. */
  readonly examples: readonly string[]
}

/** A detector of values that have no shape: their key alone says what they are, and they are taken whole. */
export function namedValue({ keys, ...facts }: NamedValueFacts): Detector {
  return {
    ...facts,
    activation: 'key',
    patterns: [],
    gate: { words: [], keys },
    confirm: (_text, { start, end }) => (end > start ? { start, end } : undefined),
    normalise: (match) => match.trim().replace(/\s+/g, ' ').toLowerCase(),
  }
}

/** A pattern of keys that end with one of these words: `user first name` for `first name`, but not `first name count`. */
export function keysEndingWith(...words: readonly string[]): string {
  return `(?:^| )(?:${words.join('|')})$`
}
