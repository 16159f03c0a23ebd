import { RE2 } from './re2.ts'

/** Thrown where a detector or an own pattern cannot be used; names its place, never a text that was matched. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  readonly detector: number
  readonly pattern: number

  constructor(detector: number, pattern: number, message: string) {
    super(message)
    this.detector = detector
    this.pattern = pattern
  }
}

/** Thrown where matching itself failed. Nothing is known of the text then, so the caller must not let it through. */
export class MatchingError extends Error {
  override readonly name = 'MatchingError'
}

export type RegularExpressionSet = InstanceType<typeof RE2.Set>

export interface Pattern {
  readonly detector: number
  readonly re: RE2
}

/**
 * One `RE2.Set` and the single patterns that take over when its automaton outgrows its memory.
 *
 * `RE2.Set` throws on memory exhaustion instead of reporting "no match"; the single patterns are slower and need no
 * shared automaton. Where one of them fails too, the error goes up: a text that could not be matched is not clean.
 */
export class PatternGroup<P extends Pattern = Pattern> {
  readonly #patterns: readonly P[]
  readonly #set: RegularExpressionSet | undefined

  constructor(patterns: readonly P[], maxMemoryBytes: number) {
    this.#patterns = patterns
    this.#set = compileSet(patterns, maxMemoryBytes)
  }

  /** Whether one of them matches somewhere in `bytes`. */
  test(bytes: Uint8Array): boolean {
    if (this.#set !== undefined) {
      try {
        return this.#set.test(bytes)
      } catch {
        // Out of memory: the single patterns below decide.
      }
    }
    return this.#patterns.some((pattern) => testOne(pattern, bytes))
  }

  /** The patterns that match somewhere in `bytes`. */
  match(bytes: Uint8Array): readonly P[] {
    if (this.#set !== undefined) {
      try {
        return this.#set.match(bytes).map((index: number) => this.#patterns[index]!)
      } catch {
        // As above.
      }
    }
    return this.#patterns.filter((pattern) => testOne(pattern, bytes))
  }
}

function compileSet(patterns: readonly Pattern[], maxMem: number): RegularExpressionSet | undefined {
  try {
    return new RE2.Set(
      patterns.map((pattern) => pattern.re.source),
      'u',
      { maxMem },
    )
  } catch {
    // A set that does not fit into its memory is done without; its patterns compiled one by one.
    return undefined
  }
}

function testOne(pattern: Pattern, bytes: Uint8Array): boolean {
  pattern.re.lastIndex = 0
  try {
    return pattern.re.test(bytes)
  } catch {
    throw new MatchingError('a pattern could not be matched')
  }
}

/** `^ $ \A \z` outside of a character class: such a pattern means the ends of a value, not of a buffer of many. */
export function isAnchored(source: string): boolean {
  // Quoting would need a parser of its own; to match value by value is slower and never wrong.
  if (source.includes('\\Q')) return true
  let inClass = false
  for (let i = 0; i < source.length; i += 1) {
    const character = source[i]
    if (character === '\\') {
      i += 1
      if (!inClass && (source[i] === 'A' || source[i] === 'z')) return true
    } else if (inClass) {
      if (character === ']') inClass = false
    } else if (character === '[') {
      inClass = true
      // A "]" that comes first, or first after "^", stands for itself.
      if (source[i + 1] === '^') i += 1
      if (source[i + 1] === ']') i += 1
    } else if (character === '^' || character === '$') {
      return true
    }
  }
  return false
}

/** `\C`, one byte: what stands there may be half of a character, and the other half would stay behind. */
const SINGLE_BYTE = /(?:^|[^\\])(?:\\\\)*\\C/

export function compilePattern(source: string, detector: number, index: number): RE2 {
  if (SINGLE_BYTE.test(source)) throw new PatternError(detector, index, '\\C matches parts of characters')
  let re: RE2
  try {
    re = new RE2(source, 'gu')
  } catch {
    throw new PatternError(detector, index, 'RE2 refuses the pattern')
  }
  if (re.test('')) throw new PatternError(detector, index, 'the pattern matches the empty string')
  re.lastIndex = 0
  return re
}
