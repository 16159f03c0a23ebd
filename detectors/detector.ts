/** A part of a value, in bytes of its UTF-8 text, half open. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * What must stand near a match, or name its key, before it counts.
 *
 * A gated detector is for shapes that ordinary logs are full of (nine digits, say): without one of the words,
 * as a whole word and in any case, within `within` characters of the candidate, and without a key that opens it,
 * a candidate is nothing.
 */
export interface Gate {
  /** Lower case. */
  readonly words: readonly string[]
  /** Characters between the word and the candidate, on either side. */
  readonly within: number
  /** RE2 patterns, tried on the value's key; one that matches opens the detector for the whole value. */
  readonly keys: readonly string[]
}

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
  /** One of the groups of the reference page. */
  readonly group: 'contact' | 'financial' | 'health' | 'network' | 'credential' | 'national_id' | 'identity'
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
  readonly gate?: Gate
  /** True where the whole set of possible values can be tried out (a phone number, say); `hash` warns of it. */
  readonly lowEntropy: boolean
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
