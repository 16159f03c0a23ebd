import type { PathNode } from '../../rules/path-trie.ts'
import { MOST_VALUES_PER_CHUNK } from './chunk.ts'

const SHORTEST = 4
const LONGEST = 64
const SLOTS = 2048
/** What a hit is worth, in misses. */
const HIT = 4
const MOST_REPEATS = 64
/** At paths that do not repeat themselves, values are looked up in one of so many chunks. */
const SAMPLED_CHUNKS = 16

/**
 * Short texts in which no pattern matched, so that they need not be gathered and matched again: hosts, handlers and
 * states are the same in record after record.
 *
 * A fixed table of 128 KiB, each slot written over by what comes later. The bytes themselves are compared, all of them:
 * nothing rests on a hash. It holds only what a whole rule set has found clean, and lives as long as that set.
 */
export class CleanValues {
  readonly #texts = new DataView(new ArrayBuffer(SLOTS * LONGEST))
  readonly #lengths = new Uint8Array(SLOTS)
  #source: DataView = this.#texts
  /** What the chunk under way holds of values that were not known: slot, start and end. */
  readonly #pending = new Int32Array(3 * MOST_VALUES_PER_CHUNK)
  #pendingLength = 0
  #chunks = 0
  /** Whether values are looked up wherever they are, to learn which paths repeat themselves. */
  #samples = true

  /** Says which batch the values come from. */
  begin(source: DataView): void {
    this.#source = source
    this.#pendingLength = 0
  }

  /** Whether the text in `[start, end)` is known to be clean. If not, it must go into the chunk under way. */
  has(start: number, end: number, node: PathNode): boolean {
    return (node.repeats !== 0 || this.#samples) && this.#find(start, end, node)
  }

  #find(start: number, end: number, node: PathNode): boolean {
    const length = end - start
    if (length >= SHORTEST && length <= LONGEST) {
      const slot = this.#slotOf(start, end)
      if (this.#lengths[slot] === length && this.#isAt(slot, start, end)) {
        if (node.repeats < MOST_REPEATS) node.repeats += HIT
        return true
      }
      this.#remember(slot, start, end)
    }
    if (node.repeats > 0) node.repeats -= 1
    return false
  }

  /** Until it is known what comes of the chunk. */
  #remember(slot: number, start: number, end: number): void {
    const at = this.#pendingLength
    this.#pending[at] = slot
    this.#pending[at + 1] = start
    this.#pending[at + 2] = end
    this.#pendingLength = at + 3
  }

  /** The chunk under way is clean: so is each value in it. */
  keep(): void {
    for (let i = 0; i < this.#pendingLength; i += 3) {
      this.#write(this.#pending[i]!, this.#pending[i + 1]!, this.#pending[i + 2]!)
    }
    this.forget()
  }

  /** The chunk under way is not known to be clean. */
  forget(): void {
    this.#pendingLength = 0
    this.#chunks += 1
    this.#samples = this.#chunks % SAMPLED_CHUNKS === 0
  }

  #slotOf(start: number, end: number): number {
    const first = this.#source.getInt32(start, true)
    const last = this.#source.getInt32(end - 4, true)
    const hash = Math.imul(first ^ Math.imul(last + (end - start), 0x9e3779b1), 0x85ebca6b)
    return (hash >>> 16) & (SLOTS - 1)
  }

  /** Four bytes at a time, and the last four once more. */
  #isAt(slot: number, start: number, end: number): boolean {
    const texts = this.#texts
    const source = this.#source
    const offset = slot * LONGEST - start
    const last = end - 4
    for (let at = start; at < last; at += 4) {
      if (source.getInt32(at, true) !== texts.getInt32(at + offset, true)) return false
    }
    return source.getInt32(last, true) === texts.getInt32(last + offset, true)
  }

  #write(slot: number, start: number, end: number): void {
    const texts = this.#texts
    const source = this.#source
    const offset = slot * LONGEST - start
    const last = end - 4
    for (let at = start; at < last; at += 4) texts.setInt32(at + offset, source.getInt32(at, true), true)
    texts.setInt32(last + offset, source.getInt32(last, true), true)
    this.#lengths[slot] = end - start
  }
}
