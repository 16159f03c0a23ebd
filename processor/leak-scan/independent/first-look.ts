import type { DetectorSet } from '../../../detectors/set.ts'
import { MatchingError } from '../../../detectors/set.ts'
import { type Entries, type Holder, type Plain, UnreadableError } from './content.ts'
import type { Keys } from './keys.ts'

const FIRST_BYTES = 64 * 1024
/** Larger records are looked at value by value. */
const MOST_BYTES = 1 << 20
/** No word character, and none that a detector needs: what stands beside it stands free. */
export const SEPARATOR = 0x0a

/** Whether the detectors see nothing in texts with separators between them. */
export function isCleanAtFirst(set: DetectorSet, texts: Buffer): boolean {
  try {
    return !set.test(texts)
  } catch (error) {
    if (error instanceof MatchingError) throw new UnreadableError('a text that could not be matched')
    throw error
  }
}

/**
 * Says of most records, for the price of one match, that there is nothing to be found in them: the detectors' own first
 * look at all of a record's values, one behind the other. Where it sees anything the record is looked at value by value.
 */
export class FirstLook {
  readonly #set: DetectorSet
  readonly #keys: Keys
  readonly #hasAnchors: boolean
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #length = 0

  constructor(set: DetectorSet, keys: Keys) {
    this.#set = set
    this.#keys = keys
    this.#hasAnchors = set.anchored.includes(true)
  }

  /** Whether surely nothing is in a record that is not understood by its keys. */
  isClean({ attributes, fields, unknown, unreadable }: Holder): boolean {
    if (unknown.length > 0 || unreadable === true) return false
    this.#length = 0
    if (!this.#takesAll(attributes)) return false
    for (const [, value] of fields) if (!this.#takes(value)) return false
    return this.#length === 0 || isCleanAtFirst(this.#set, this.#bytes.subarray(0, this.#length))
  }

  /** @returns false where a key says something, or a value has to be looked at on its own. */
  #takesAll(entries: Entries): boolean {
    for (const [key, value] of entries) {
      if (this.#keys.factsOf(key).says || !this.#takes(value)) return false
    }
    return true
  }

  #takes(value: Plain): boolean {
    switch (value.kind) {
      case 'nothing':
        return true
      case 'map':
        return this.#takesAll(value.entries)
      case 'array':
        for (const item of value.items) if (!this.#takes(item)) return false
        return true
      default:
        return this.#add(value.bytes)
    }
  }

  #add(content: Buffer): boolean {
    const end = this.#length + content.length
    if (end + 1 > this.#bytes.length) {
      if (end >= MOST_BYTES) return false
      const bytes = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, end + 1))
      this.#bytes.copy(bytes, 0, 0, this.#length)
      this.#bytes = bytes
    }
    if (this.#hasAnchors && this.#set.testAnchored(content)) return false
    content.copy(this.#bytes, this.#length)
    this.#bytes[end] = SEPARATOR
    this.#length = end + 1
    return true
  }
}
