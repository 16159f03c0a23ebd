import { isAscii } from 'node:buffer'
import { candidates, confirmedSpans, RETRY_BUDGET } from './confirmed-spans.ts'
import type { Detector, Span } from './detector.ts'
import { anyWordSource, GateWords } from './gate.ts'
import { KeySet, NOTHING_OPEN } from './key-set.ts'
import { compilePattern, isAnchored, type Pattern, PatternGroup } from './pattern-group.ts'
import { RE2 } from './re2.ts'
import { smallNumbers } from './small-numbers.ts'

export { isAnchored, MatchingError, PatternError } from './pattern-group.ts'
export { SMALL_NUMBERS } from './small-numbers.ts'

/** A confirmed match: which detector, and where in the value, in bytes. */
export interface Finding extends Span {
  /** Index into the list that the set was made of. */
  readonly detector: number
  /** What its gate was opened by; undefined where it has none. */
  readonly opened?: 'key' | 'word'
}

/** A candidate that does not count. */
export interface NearMiss extends Span {
  readonly detector: number
  /** The structure or checksum is not right; or no word and no key opens the detector's gate. */
  readonly reason: 'not_confirmed' | 'no_word'
}

export interface DetectorSetOptions {
  /** Bytes that RE2 may spend on one set's automaton. */
  readonly maxMemoryBytes?: number
}

/** Times that one value is looked through: a row of matches without anything between them comes loose one by one. */
const MOST_PASSES = 8

/** Stands for every byte of a match that has been found: no word character, and none that a detector looks for. */
const TAKEN = 0x07

const isFilled = (patterns: readonly Pattern[]): boolean => patterns.length > 0

/** Bytes that mean the same to a neighbour as a match that is gone. */
const SEPARATING = new Set(Buffer.from(' \t\r\n"\'(),;<=>[]{|}'))

function isTouched(value: Buffer, { start, end }: Span): boolean {
  return !isSeparating(value[start - 1]) || !isSeparating(value[end])
}

function isSeparating(byte: number | undefined): boolean {
  return byte === undefined || SEPARATING.has(byte)
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
  readonly #patterns: Pattern[] = []
  /** What is tried on many values at once: one set, and one for each detector that has to be kept apart. */
  readonly #joined: readonly PatternGroup<Wake>[]
  readonly #perValue: PatternGroup<Wake> | undefined
  /** By gated detector: they are looked for only where one of their words stands in the value, or a key opens them. */
  readonly #gated = new Map<number, GatedPatterns>()
  /** Which gated detectors have a word in a value. */
  readonly #words: PatternGroup | undefined
  /** Words of other scripts, for texts that have any character of those. */
  readonly #otherWords: PatternGroup | undefined
  readonly #keys: KeySet | undefined
  #ignoresSmallNumbers: boolean | undefined

  /** @throws {PatternError} for a pattern that RE2 refuses or that matches the empty string. */
  constructor(detectors: readonly Detector[], options: DetectorSetOptions = {}) {
    const maxMemoryBytes = options.maxMemoryBytes ?? 32 * 1024 * 1024
    const joined: Wake[] = []
    const perValue: Wake[] = []
    const apart: Wake[][] = []
    const words: Pattern[] = []
    const anchored: boolean[] = []
    for (const [detector, { patterns: sources, wakes, gate, apart: isApart }] of detectors.entries()) {
      const patterns = sources.map((source, index) => ({ detector, re: compilePattern(source, detector, index) }))
      this.#patterns.push(...patterns)
      anchored.push(gate === undefined && sources.some(isAnchored))
      if (gate !== undefined) {
        this.#gated.set(detector, { patterns, words: gate.words.length > 0 ? new GateWords(gate) : undefined })
        const source = anyWordSource([gate])
        if (source !== undefined) words.push({ detector, re: new RE2(source, 'gu') })
        continue
      }
      perValue.push(...patterns.filter(({ re }) => isAnchored(re.source)).map(wakingItself))
      const free = patterns.filter(({ re }) => !isAnchored(re.source))
      if (isApart === true) apart.push(free.map(wakingItself))
      else if (wakes === undefined) joined.push(...free.map(wakingItself))
      else joined.push(...wakes.map((source) => ({ detector, re: new RE2(source, 'gu'), patterns: free })))
    }
    // In the values of a chunk the words of all gates are looked for as patterns are.
    const gates = detectors.flatMap(({ gate }) => gate ?? [])
    const anyWord = anyWordSource(gates, 'ascii')
    if (anyWord !== undefined) joined.push({ detector: ANY_WORD, re: new RE2(anyWord, 'gu'), patterns: [] })
    const otherWord = anyWordSource(gates, 'other')
    if (otherWord !== undefined)
      this.#otherWords = new PatternGroup([{ detector: ANY_WORD, re: new RE2(otherWord, 'gu') }], maxMemoryBytes)
    this.detectors = detectors
    this.anchored = anchored
    this.#joined = [joined, ...apart].filter(isFilled).map((wakes) => new PatternGroup(wakes, maxMemoryBytes))
    this.#perValue = perValue.length > 0 ? new PatternGroup(perValue, maxMemoryBytes) : undefined
    this.#words = words.length > 0 ? new PatternGroup(words, maxMemoryBytes) : undefined
    this.#keys = this.#gated.size > 0 ? new KeySet(detectors, maxMemoryBytes) : undefined
  }

  /** The gated detectors that a key opens, by index. */
  openedBy(key: string): ReadonlySet<number> {
    return this.#keys?.openedBy(key) ?? NOTHING_OPEN
  }

  /** Whether values joined by `\n` may hold a match of a pattern without anchors. */
  test(joined: Uint8Array): boolean {
    if (this.#joined.some((group) => group.test(joined))) return true
    return this.#otherWords !== undefined && !isAscii(joined) && this.#otherWords.test(joined)
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
   * @returns spans by detector; those of one detector are ordered, and none lies within another.
   * @throws {MatchingError} where RE2 gave up.
   */
  find(value: Buffer, wanted: (detector: number) => boolean, key: string): Finding[] {
    const findings = this.#findOnce(value, wanted, key)
    if (!findings.some((span) => isTouched(value, span))) return distinct(findings)
    const rest = Buffer.from(value)
    let fresh = findings
    for (let pass = 1; pass < MOST_PASSES && fresh.length > 0; pass += 1) {
      for (const { start, end } of fresh) rest.fill(TAKEN, start, end)
      fresh = this.#findOnce(rest, wanted, key).filter(({ start, end }) => !rest.subarray(start, end).includes(TAKEN))
      for (const finding of fresh) findings.push(finding)
    }
    return distinct(findings)
  }

  #findOnce(value: Buffer, wanted: (detector: number) => boolean, key: string): Finding[] {
    const findings: Finding[] = []
    const text = value.toString('latin1')
    const budget = { left: RETRY_BUDGET }
    let hasWord = this.#otherWords !== undefined && !isAscii(value) && this.#otherWords.test(value)
    const woken = new Set<Pattern>()
    for (const group of [...this.#joined, this.#perValue]) {
      for (const { detector, patterns } of group?.match(value) ?? []) {
        if (detector === ANY_WORD) hasWord = true
        else if (wanted(detector)) for (const pattern of patterns) woken.add(pattern)
      }
    }
    for (const { detector, re } of woken) {
      for (const span of confirmedSpans(re, value, text, this.detectors[detector]!, budget))
        findings.push({ detector, ...span })
    }
    for (const [detector, isOpen] of this.#openIn(value, key, hasWord)) {
      if (!wanted(detector)) continue
      const { patterns, words } = this.#gated.get(detector)!
      for (const { re } of patterns) {
        for (const span of confirmedSpans(re, value, text, this.detectors[detector]!, budget)) {
          if (isOpen) findings.push({ detector, ...span, opened: 'key' })
          else if (words!.standBeside(text, span)) findings.push({ detector, ...span, opened: 'word' })
        }
      }
    }
    return findings
  }

  /** Gated detectors that the key opens (true), or one of whose words is in the value (false). */
  #openIn(value: Buffer, key: string, hasWord: boolean): ReadonlyMap<number, boolean> {
    const open = new Map<number, boolean>()
    // Which word it is costs as much as all the rest, and most values have none.
    for (const { detector } of hasWord ? this.#words!.match(value) : []) open.set(detector, false)
    for (const detector of this.openedBy(key)) open.set(detector, true)
    return open
  }

  /**
   * What looks like something and is not counted, and why: for people who write rules. Slow.
   *
   * @returns candidates of each pattern that no finding of the same detector covers.
   */
  nearMisses(value: Buffer, wanted: (detector: number) => boolean, key: string): NearMiss[] {
    const found = this.find(value, wanted, key)
    const text = value.toString('latin1')
    const misses: NearMiss[] = []
    for (const { detector, re } of this.#patterns) {
      if (!wanted(detector)) continue
      for (const span of candidates(re, value)) {
        if (found.some((finding) => finding.detector === detector && overlap(finding, span))) continue
        const isRight = this.detectors[detector]!.confirm(text, span) !== undefined
        misses.push({ detector, ...span, reason: isRight ? 'no_word' : 'not_confirmed' })
      }
    }
    return misses
  }
}

/** A pattern that is matched together with others, and what is tried where it matches: itself, or what it is cheaper than. */
interface Wake extends Pattern {
  readonly patterns: readonly Pattern[]
}

function wakingItself(pattern: Pattern): Wake {
  return { ...pattern, patterns: [pattern] }
}

interface GatedPatterns {
  readonly patterns: readonly Pattern[]
  /** Undefined where a key must open it. */
  readonly words: GateWords | undefined
}

/** In order. Where several patterns of one detector find the same, it is one finding: the longest. */
function distinct(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  findings.sort((a, b) => a.detector - b.detector || a.start - b.start || b.end - a.end)
  let last: Finding | undefined
  return findings.filter((finding) => {
    if (last !== undefined && last.detector === finding.detector && finding.end <= last.end) return false
    last = finding
    return true
  })
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

/** Stands in the joined patterns for the words of all gates. */
const ANY_WORD = -1
