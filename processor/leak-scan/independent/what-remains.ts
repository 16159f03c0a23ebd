import type { Detector, Span } from '../../../detectors/detector.ts'
import { detectorByName } from '../../../detectors/index.ts'
import { type DetectorSet, type Finding, MatchingError } from '../../../detectors/set.ts'
import { recogniseSealed } from '../../jwe/sealed-value.ts'
import { UnreadableError } from './content.ts'

const PLACEHOLDER = /\[sealed:[A-Za-z0-9_.-]{1,64}:([A-Za-z0-9_-]{8})\/\d{1,7}\]/g
/** What `hash` and `drop` write into a text. */
const RESULT = /hmac-sha256:[^:\s]{1,64}:[A-Za-z0-9_-]{22}|\[dropped:[A-Za-z0-9_.-]{1,64}\]/g
/** What `mask` writes, and the most that it leaves readable (`keep_last`). */
const MASK = '****'
const MOST_KEPT = 8
const MASKED = /^(?:(?:\*{4})+|\*{4}.{1,8})$/su

const LONGEST_REMEMBERED = 64
const MOST_REMEMBERED = 8192

const NONE: readonly Finding[] = []
const NO_IDS: ReadonlySet<string> = new Set()

/** Says what detectors still find in a value once what Fieldseal writes is taken away. */
export class WhatRemains {
  readonly detectors: readonly Detector[]
  readonly #set: DetectorSet
  readonly #knownKids: ReadonlySet<string>
  readonly #maxValueBytes: number
  /** Keys with values in which nothing was found: most of what logs say they say again and again. */
  readonly #clean = new Set<string>()

  constructor(set: DetectorSet, knownKids: ReadonlySet<string>, maxValueBytes: number) {
    this.#set = set
    this.detectors = set.detectors
    this.#knownKids = knownKids
    this.#maxValueBytes = maxValueBytes
  }

  /** The id of a text that is one of our sealed values. */
  sealedId(text: string): string | undefined {
    return recogniseSealed(text, this.#knownKids, this.#maxValueBytes)?.id
  }

  isSealed(content: Buffer): boolean {
    const first = content[0]
    if (first !== 0x7b && first !== 0x65) return false
    return this.sealedId(content.toString('latin1')) !== undefined
  }

  /**
   * What detectors find in a text that is no sealed value.
   *
   * @param ids - of the elements of the record's own list: placeholders with another id are text like any other.
   */
  inText(content: Buffer, key: string, ids: ReadonlySet<string> = NO_IDS): readonly Finding[] {
    const found = this.inBytes(content, key)
    if (found.length === 0) return found
    const text = content.toString('latin1')
    const written = this.#written(text, ids, found)
    return found.filter((finding) => !isWithin(finding, written) && !isKept(text, finding))
  }

  /** What detectors find in a value that can hold nothing which Fieldseal writes. */
  inBytes(content: Buffer, key: string): readonly Finding[] {
    if (content.length === 0) return []
    const name = content.length <= LONGEST_REMEMBERED ? `${key}\n${content.toString('latin1')}` : undefined
    if (name !== undefined && this.#clean.has(name)) return []
    try {
      // Most values are clean, and to see that costs a tenth of finding out what is in one.
      const mayHold = this.#set.openedBy(key).size > 0 || this.#set.test(content) || this.#set.testAnchored(content)
      const found = mayHold ? this.#set.find(content, () => true, key) : NONE
      if (name !== undefined && found.length === 0) this.#remember(name)
      return found
    } catch (error) {
      if (error instanceof MatchingError) throw new UnreadableError('a text that could not be matched')
      throw error
    }
  }

  #remember(name: string): void {
    if (this.#clean.size >= MOST_REMEMBERED) this.#clean.clear()
    this.#clean.add(name)
  }

  /** Whether a text that should have been taken whole was: nothing is left of it but what Fieldseal writes. */
  isTaken(content: Buffer, ids: ReadonlySet<string> = NO_IDS): boolean {
    if (content.length === 0 || this.isSealed(content)) return true
    const text = content.toString('latin1')
    let at = 0
    const gaps: string[] = []
    for (const { start, end } of this.#written(text, ids, this.inBytes(content, ''))) {
      gaps.push(text.slice(at, start))
      at = end
    }
    gaps.push(text.slice(at))
    return gaps.every((gap) => gap === '' || MASKED.test(Buffer.from(gap, 'latin1').toString('utf8')))
  }

  /** What Fieldseal has written into a text. What only looks so, to hide something in it, does not count. */
  #written(text: string, ids: ReadonlySet<string>, found: readonly Finding[]): Span[] {
    const spans: Span[] = []
    for (const match of text.matchAll(RESULT)) spans.push({ start: match.index, end: match.index + match[0].length })
    for (const match of ids.size === 0 ? [] : text.matchAll(PLACEHOLDER)) {
      if (ids.has(match[1]!)) spans.push({ start: match.index, end: match.index + match[0].length })
    }
    spans.sort((a, b) => a.start - b.start)
    const forged = new Set<Span>()
    for (const finding of found) {
      const around = spans[firstEndingBehind(spans, finding.start)]
      if (around !== undefined && around.start <= finding.start && finding.end <= around.end) {
        if (this.#isOfCatalogue(finding.detector)) forged.add(around)
      }
    }
    return forged.size === 0 ? spans : spans.filter((span) => !forged.has(span))
  }

  /** A rule's own pattern may fit into what Fieldseal writes; those of the catalogue never do. */
  #isOfCatalogue(detector: number): boolean {
    const { name, confirm } = this.detectors[detector]!
    return detectorByName(name)?.confirm === confirm
  }
}

/** The index of the first span that ends behind a place; they are in order, and apart from each other. */
function firstEndingBehind(spans: readonly Span[], place: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.end > place) high = middle
    else low = middle + 1
  }
  return low
}

/** Whether a span lies in others, be it across those that touch each other. */
function isWithin({ start, end }: Span, others: readonly Span[]): boolean {
  let covered = start
  for (let at = firstEndingBehind(others, start); covered < end; at += 1) {
    const other = others[at]
    if (other === undefined || other.start > covered) return false
    covered = other.end
  }
  return true
}

/** Whether a finding is in what a mask has left readable. */
function isKept(text: string, { start, end }: Span): boolean {
  // A character has four bytes at most.
  const from = Math.max(0, end - 4 * MOST_KEPT - MASK.length)
  const mask = text.slice(from, start).lastIndexOf(MASK)
  if (mask < 0) return false
  const kept = Buffer.from(text.slice(from + mask + MASK.length, end), 'latin1').toString('utf8')
  return [...kept].length <= MOST_KEPT
}
