import RE2 from 're2'
import type { Detector, Span } from './detector.ts'
import { anyWordSource, GateWords, keySources, keyWords } from './gate.ts'

/** A confirmed match: which detector, and where in the value, in bytes. */
export interface Finding extends Span {
  /** Index into the list that the set was made of. */
  readonly detector: number
  /** What its gate was opened by; undefined where it has none. */
  readonly opened?: 'key' | 'word'
}

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

export interface DetectorSetOptions {
  /** Bytes that RE2 may spend on one set's automaton. */
  readonly maxMemoryBytes?: number
}

type RegularExpressionSet = InstanceType<typeof RE2.Set>

interface Pattern {
  readonly detector: number
  readonly re: RE2
}

/**
 * One `RE2.Set` and the single patterns that take over when its automaton outgrows its memory.
 *
 * `RE2.Set` throws on memory exhaustion instead of reporting "no match"; the single patterns are slower and need no
 * shared automaton. Where one of them fails too, the error goes up: a text that could not be matched is not clean.
 */
class PatternGroup {
  readonly patterns: readonly Pattern[]
  readonly #set: RegularExpressionSet | undefined

  constructor(patterns: readonly Pattern[], maxMemoryBytes: number) {
    this.patterns = patterns
    this.#set = compileSet(patterns, maxMemoryBytes)
  }

  test(bytes: Uint8Array): boolean {
    if (this.#set !== undefined) {
      try {
        return this.#set.test(bytes)
      } catch {
        // Out of memory: the single patterns below decide.
      }
    }
    return this.patterns.some((pattern) => testOne(pattern, bytes))
  }

  /** The patterns that match somewhere in `bytes`. */
  match(bytes: Uint8Array): readonly Pattern[] {
    if (this.#set !== undefined) {
      try {
        return this.#set.match(bytes).map((index: number) => this.patterns[index]!)
      } catch {
        // As above.
      }
    }
    return this.patterns.filter((pattern) => testOne(pattern, bytes))
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

/** Times that one value is looked through: a row of matches without anything between them comes loose one by one. */
const MOST_PASSES = 8

/** Stands for every byte of a match that has been found: no word character, and none that a detector looks for. */
const TAKEN = 0x07

/** Bytes that mean the same to a neighbour as a match that is gone. */
const SEPARATING = new Set(Buffer.from(' \t\r\n"\'(),;<=>[]{|}'))

function isTouched(value: Buffer, { start, end }: Span): boolean {
  return !isSeparating(value[start - 1]) || !isSeparating(value[end])
}

function isSeparating(byte: number | undefined): boolean {
  return byte === undefined || SEPARATING.has(byte)
}

/** Tokens are runs of ASCII letters and digits. */
function isTokenByte(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/** Rejected candidates of one value that are looked into again before the rest of a candidate is taken as it is. */
const RETRY_BUDGET = 4096

/** How many numbers are matched once for all. */
export const SMALL_NUMBERS = 1 << 16

let smallNumbersText: Buffer | undefined

/** `0` to `65535`, joined as values are. */
function smallNumbers(): Buffer {
  smallNumbersText ??= Buffer.from(Array.from({ length: SMALL_NUMBERS }, (_, number) => number).join('\n'))
  return smallNumbersText
}

/**
 * Many detectors, matched together.
 *
 * Two steps. `test` is the prefilter: over a buffer of many values joined by a separator that is no word character
 * and that no detector needs (`\n`), it may say yes too often and never no too often. `find` then takes one value and
 * gives what patterns, boundaries, validators and gates agree on.
 *
 * A pattern with anchors cannot be tried on joined values and stands in a group of its own, `testAnchored`.
 *
 * Bytes must be valid UTF-8: RE2's `.` and `[^x]` do not cross invalid bytes, so that a stray 0xFF would hide a match.
 */
export class DetectorSet {
  readonly detectors: readonly Detector[]
  /** By detector: whether one of its patterns is anchored. */
  readonly anchored: readonly boolean[]
  readonly #joined: PatternGroup | undefined
  readonly #perValue: PatternGroup | undefined
  /** Patterns of gated detectors: they are looked at only where a word or a key may have opened a gate. */
  readonly #gated: PatternGroup | undefined
  /** By detector: undefined where it needs no gate; null where its gate has no words, and a key must open it. */
  readonly #words: readonly (GateWords | null | undefined)[]
  readonly #keys: KeySet | undefined
  readonly #anyWord: RE2 | undefined
  #ignoresSmallNumbers: boolean | undefined

  /** @throws {PatternError} for a pattern that RE2 refuses or that matches the empty string. */
  constructor(detectors: readonly Detector[], options: DetectorSetOptions = {}) {
    const maxMemoryBytes = options.maxMemoryBytes ?? 32 * 1024 * 1024
    const joined: Pattern[] = []
    const perValue: Pattern[] = []
    const gated: Pattern[] = []
    const anchored: boolean[] = []
    for (const [detector, { patterns, gate }] of detectors.entries()) {
      anchored.push(gate === undefined && patterns.some(isAnchored))
      for (const [index, source] of patterns.entries()) {
        const pattern = { detector, re: compilePattern(source, detector, index) }
        if (gate !== undefined) gated.push(pattern)
        else if (isAnchored(source)) perValue.push(pattern)
        else joined.push(pattern)
      }
    }
    const gates = detectors.flatMap(({ gate }) => gate ?? [])
    const anyWord = anyWordSource(gates)
    // In the values of a chunk a word is looked for as patterns are.
    if (anyWord !== undefined) joined.push({ detector: ANY_WORD, re: new RE2(anyWord, 'gu') })
    this.detectors = detectors
    this.anchored = anchored
    this.#joined = joined.length > 0 ? new PatternGroup(joined, maxMemoryBytes) : undefined
    this.#perValue = perValue.length > 0 ? new PatternGroup(perValue, maxMemoryBytes) : undefined
    this.#gated = gated.length > 0 ? new PatternGroup(gated, maxMemoryBytes) : undefined
    this.#anyWord = anyWord === undefined ? undefined : new RE2(anyWord, 'u')
    this.#words = detectors.map(({ gate }) => {
      if (gate === undefined) return undefined
      return gate.words.length === 0 ? null : new GateWords(gate)
    })
    this.#keys = gates.length > 0 ? new KeySet(detectors) : undefined
  }

  /** The gated detectors that a key opens, by index. */
  openedBy(key: string): ReadonlySet<number> {
    return this.#keys?.openedBy(key) ?? NOTHING_OPEN
  }

  /** Whether values joined by `\n` may hold a match of a pattern without anchors. */
  test(joined: Uint8Array): boolean {
    return this.#joined?.test(joined) ?? false
  }

  /**
   * Whether none of the whole numbers below `SMALL_NUMBERS` can match a pattern without anchors: most numbers in logs are
   * among them, and need not be matched again and again. All of them are matched here, once.
   */
  get ignoresSmallNumbers(): boolean {
    this.#ignoresSmallNumbers ??= this.#matchesNo(smallNumbers())
    return this.#ignoresSmallNumbers
  }

  #matchesNo(joined: Buffer): boolean {
    try {
      return !this.test(joined)
    } catch {
      // What could not be matched now is matched each time, and fails there.
      return false
    }
  }

  /** Whether one value may hold a match of a pattern with anchors. */
  testAnchored(value: Uint8Array): boolean {
    return this.#perValue?.test(value) ?? false
  }

  /**
   * Every confirmed match in one value.
   *
   * What is found will be replaced, and what touched it stands free then: `…EXAMPLE+4915123456789` has no number until
   * the key in front of it is gone. So where something touches a match, the rest is looked at again without it, or the
   * next stage would find in our output what we did not find in our input.
   *
   * @param value - valid UTF-8.
   * @param wanted - which detectors are in scope.
   * @param key - the value's key, for detectors that a key name opens.
   * @returns spans by detector; those of one detector are ordered and do not overlap.
   * @throws {MatchingError} where RE2 gave up.
   */
  find(value: Buffer, wanted: (detector: number) => boolean, key: string): Finding[] {
    const findings = this.#findOnce(value, wanted, key)
    if (!findings.some((span) => isTouched(value, span))) return findings
    const rest = Buffer.from(value)
    let fresh = findings
    for (let pass = 1; pass < MOST_PASSES && fresh.length > 0; pass += 1) {
      for (const { start, end } of fresh) rest.fill(TAKEN, start, end)
      fresh = this.#findOnce(rest, wanted, key).filter(({ start, end }) => !rest.subarray(start, end).includes(TAKEN))
      for (const finding of fresh) findings.push(finding)
    }
    return findings.sort((a, b) => a.detector - b.detector || a.start - b.start)
  }

  #findOnce(value: Buffer, wanted: (detector: number) => boolean, key: string): Finding[] {
    const findings: Finding[] = []
    const text = value.toString('latin1')
    const budget = { left: RETRY_BUDGET }
    for (const group of [this.#joined, this.#perValue]) {
      for (const { detector, re } of group?.match(value) ?? []) {
        if (detector === ANY_WORD || !wanted(detector)) continue
        for (const span of confirmedSpans(re, value, text, this.detectors[detector]!, budget))
          findings.push({ detector, ...span })
      }
    }
    if (this.#gated === undefined) return findings
    const byKey = this.openedBy(key)
    if (byKey.size === 0 && !this.#hasWord(value)) return findings
    for (const { detector, re } of this.#gated.match(value)) {
      if (!wanted(detector)) continue
      const words = this.#words[detector]
      const isOpen = byKey.has(detector)
      if (!isOpen && words === null) continue
      for (const span of confirmedSpans(re, value, text, this.detectors[detector]!, budget)) {
        if (isOpen) findings.push({ detector, ...span, opened: 'key' })
        else if (words!.standBeside(text, span)) findings.push({ detector, ...span, opened: 'word' })
      }
    }
    return findings
  }

  #hasWord(value: Buffer): boolean {
    try {
      return this.#anyWord?.test(value) ?? false
    } catch {
      throw new MatchingError('a pattern could not be matched')
    }
  }
}

/** Stands in the joined patterns for the words of all gates. */
const ANY_WORD = -1
const NOTHING_OPEN: ReadonlySet<number> = new Set()

/** Which keys open which detectors. The key that came last is remembered: one path has many values. */
class KeySet {
  readonly #set: RegularExpressionSet
  /** By pattern of the set. */
  readonly #detectors: readonly number[]
  #lastKey = ''
  #lastOpen: ReadonlySet<number> = NOTHING_OPEN

  constructor(detectors: readonly Detector[]) {
    const sources = detectors.flatMap(({ gate }, detector) =>
      gate === undefined ? [] : keySources(gate).map((source) => ({ source, detector })),
    )
    this.#set = new RE2.Set(
      sources.map(({ source }) => source),
      'u',
    )
    this.#detectors = sources.map(({ detector }) => detector)
  }

  openedBy(key: string): ReadonlySet<number> {
    if (key === this.#lastKey) return this.#lastOpen
    const words = keyWords(key)
    let open = NOTHING_OPEN
    try {
      if (words !== '') open = new Set(this.#set.match(words).map((index: number) => this.#detectors[index]!))
    } catch {
      throw new MatchingError('a key could not be matched')
    }
    this.#lastKey = key
    this.#lastOpen = open
    return open
  }
}

/** `\C`, one byte: what stands there may be half of a character, and the other half would stay behind. */
const SINGLE_BYTE = /(?:^|[^\\])(?:\\\\)*\\C/

function compilePattern(source: string, detector: number, index: number): RE2 {
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

/**
 * Runs one pattern over one value and lets the detector confirm.
 *
 * A greedy match may swallow a neighbour (`123 4111111111111111` is one run of 19 digits), so a rejected candidate is
 * tried again with each shorter end at a token boundary, and then the search starts again at the next token in it.
 */
function confirmedSpans(re: RE2, value: Buffer, text: string, detector: Detector, budget: { left: number }): Span[] {
  const spans: Span[] = []
  let from = 0
  while (from < value.length) {
    const candidate = matchFrom(re, value, from)
    if (candidate === undefined) break
    if (candidate.end === candidate.start) {
      // `\b[0-9]*` matches nothing at the beginning of each word.
      from = characterAfter(value, candidate.end)
      continue
    }
    if (budget.left <= 0) {
      // Fail closed: what there is no budget left to look into counts as found.
      spans.push(candidate)
      from = candidate.end
      continue
    }
    const span = confirmShortening(text, candidate, detector, budget)
    if (span !== undefined) {
      spans.push(span)
      from = Math.max(span.end, from + 1)
    } else {
      from = nextTokenStart(text, candidate)
    }
  }
  return spans
}

/** The start of the next character of UTF-8. */
function characterAfter(value: Buffer, position: number): number {
  let next = position + 1
  while (next < value.length && (value[next]! & 0xc0) === 0x80) next += 1
  return next
}

/** The first match that starts at `from` or later. */
function matchFrom(re: RE2, value: Buffer, from: number): Span | undefined {
  try {
    re.lastIndex = from
    if (!re.test(value)) return undefined
    // `exec` makes objects that nobody needs, at ten times the price: `test` says where the match ends, and `search`
    // where the first one starts.
    if (from === 0) return { start: re.search(value), end: re.lastIndex }
    re.lastIndex = from
    const match: { index: number; 0: Buffer } | null = re.exec(value)
    return match === null ? undefined : { start: match.index, end: match.index + match[0].length }
  } catch {
    throw new MatchingError('a pattern could not be matched')
  }
}

function confirmShortening(
  text: string,
  candidate: Span,
  detector: Detector,
  budget: { left: number },
): Span | undefined {
  let end = candidate.end
  while (end > candidate.start && budget.left > 0) {
    budget.left -= 1
    const span = detector.confirm(text, { start: candidate.start, end })
    if (span !== undefined && span.end > span.start) return span
    end = previousTokenEnd(text, candidate.start, end)
  }
  return undefined
}

/** The end of the last token that ends before `end`; `start` where there is none. */
function previousTokenEnd(text: string, start: number, end: number): number {
  let position = end - 1
  while (position > start) {
    if (isTokenByte(text.charCodeAt(position - 1)) && !isTokenByte(text.charCodeAt(position))) return position
    position -= 1
  }
  return start
}

/** The start of the first token that starts inside the candidate, after its first byte; its end where there is none. */
function nextTokenStart(text: string, { start, end }: Span): number {
  for (let position = start + 1; position < end; position += 1) {
    if (isTokenByte(text.charCodeAt(position)) && !isTokenByte(text.charCodeAt(position - 1))) return position
  }
  return end
}
