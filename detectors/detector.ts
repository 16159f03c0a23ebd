/** The groups of the reference page, in its order; each has a folder. */
export const DETECTOR_GROUPS = [
  'contact',
  'identity',
  'financial',
  'health',
  'national_id',
  'network',
  'credential',
] as const
export type DetectorGroup = (typeof DETECTOR_GROUPS)[number]

/** A part of a value, in bytes of its UTF-8 text, half open. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * What must stand near a match, or name its key, before it counts.
 *
 * A gate is for shapes that ordinary logs are full of (nine digits, say): without one of the words, as whole words and in
 * any case, within `within` characters of the candidate, and without a key that opens it, a candidate is nothing.
 */
export interface Gate {
  /**
   * Lower case. A space stands for any of space, `_`, `-` and `.`, or nothing: `social security` is found in
   * `social_security` and `socialsecurity`. Each of them opens the gate as well where it stands in the key of the value as
   * whole words; a key is split at separators and before capitals (`userSocialSecurityNumber`).
   */
  readonly words: readonly string[]
  /** Characters between the word and the candidate, on either side. Default: 30. */
  readonly within?: number
  /**
   * RE2 patterns for further keys. They are tried on the key as words: lower case, one space between them
   * (`user.fullName` is `user full name`). One that matches opens the detector for the whole value.
   */
  readonly keys?: readonly string[]
}

/**
 * When a detector counts.
 *
 * - `always`: shape, structure or checksum are enough.
 * - `gated`: only near a word, or under a key, that its gate names.
 * - `key`: free text that has no shape (names, addresses): the key alone decides, and the value is taken whole. It has no
 *   patterns, and its gate has keys alone.
 * - `off`: as `always`, but in no rule unless its own name is written there: what it finds is often no personal data.
 */
export type Activation = 'always' | 'gated' | 'key' | 'off'

/**
 * Finds spans of one kind in a text: patterns propose, `confirm` decides.
 *
 * The detector set runs the patterns of all detectors at once over many values; only where one matched is `confirm`
 * called. A detector is a constant: it keeps no state, touches nothing outside, and never throws.
 */
export interface Detector {
  /** Snake case, unique in the catalogue. It is the `<kind>` of placeholders: `[sealed:payment_card:…]`. */
  readonly name: string
  readonly title: string
  readonly group: DetectorGroup
  readonly activation: Activation
  /** What it finds: shape, structure and checksum, with the source of each. */
  readonly finds: string
  /** What it will miss, and what it may find wrongly. */
  readonly misses: string
  /**
   * RE2 patterns, each proposing candidates. They must not match the empty string, must not use `^ $ \A \z`
   * (many values are matched in one buffer), and should be bounded in length. They may match too much, never too
   * little: boundaries belong into `confirm`.
   */
  readonly patterns: readonly string[]
  /**
   * Patterns for the first look at many values, in the place of `patterns`: one of them matches wherever one of `patterns`
   * does whose match is confirmed. For patterns that would make the automaton of all detectors large: what repeats by
   * count, and what may begin in the middle of any word.
   */
  readonly wakes?: readonly string[]
  /** Where `activation` is `gated` or `key`, and nowhere else. */
  readonly gate?: Gate
  /** True where the whole set of possible values can be tried out (a phone number, say): no rule may hash it. */
  readonly lowEntropy: boolean
  /** True where its patterns are matched in a set of their own: see `isWide`. */
  readonly apart?: boolean
  /** Examples for the reference page and the tests: at least one that is found. All of them are made up. */
  readonly examples: readonly string[]
  /**
   * Looks at one candidate.
   *
   * @param text - the whole value, one character per byte (latin1), so that indices are byte offsets; bytes of
   *   non-ASCII characters are 0x80 and above.
   * @param candidate - what a pattern matched, or a part of it that begins and ends at token boundaries.
   * @returns the span to act on, within `candidate`; or undefined where it is not what it looks like.
   */
  confirm(text: string, candidate: Span): Span | undefined
  /** The form under which equal values are equal (for `hash`): digits of a card, lower case of an address. */
  normalise(match: string): string
}
