import type { Span } from '../../detectors/detector.ts'
import { detectorByName } from '../../detectors/index.ts'
import { MASK } from '../../rules/actions/mask.ts'
import { PLACEHOLDER } from '../engine/parts.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'

/** What `seal`, `drop` and `hash` leave in a text, whatever the rules and keys were called. */
const RESULTS = new RegExp(
  `${PLACEHOLDER.source}|\\[dropped:[A-Za-z0-9_.-]{1,64}\\]|hmac-sha256:[A-Za-z0-9_.-]{1,64}:[A-Za-z0-9_-]{22}`,
  'g',
)
const MASKED = /^(?:\*{4})+.{0,4}$/s
const SEALED_KEY = /^sealed:[\w-]{8}$/

/** Key ids of everybody: whose values are recognised does not matter to who looks for what is in the clear. */
export const ANY_KID: ReadonlySet<string> = new (class extends Set<string> {
  override has(): boolean {
    return true
  }
})()

/** Knows what this program has made of values: that is not in the clear. By the form, as the engine does. */
export class OwnOutput {
  readonly #knownKids: ReadonlySet<string>
  readonly #mostBytes: number

  constructor(knownKids: ReadonlySet<string>, mostBytes: number) {
    this.#knownKids = knownKids
    this.#mostBytes = mostBytes
  }

  /** Whether a text is a sealed value, all of it. */
  isSealed(content: Buffer): boolean {
    // `{` or `e`.
    if (content[0] !== 0x7b && content[0] !== 0x65) return false
    return recogniseSealed(content.toString('latin1'), this.#knownKids, this.#mostBytes) !== undefined
  }

  /** Whether a key is what became of one. */
  isSealedKey(key: string): boolean {
    return SEALED_KEY.test(key)
  }

  /** Placeholders and pseudonyms in a text, in bytes. */
  spansIn(content: Buffer): Span[] {
    if (!content.includes('[') && !content.includes('hmac-')) return []
    return [...content.toString('latin1').matchAll(RESULTS)].map(({ index, 0: { length } }) => ({
      start: index,
      end: index + length,
    }))
  }

  /**
   * Whether a finding is a part of a placeholder. Detectors of the catalogue find nothing in one, unless it was made to hide
   * something: `[sealed:4111111111111111:…/0]`; patterns of one's own may.
   */
  covers(own: readonly Span[], { start, end }: Span, detector: string): boolean {
    if (detectorByName(detector) !== undefined) return false
    return own.some((span) => span.start <= start && end <= span.end)
  }

  /** Whether nothing of a text is left beside placeholders, or it is masked. */
  isAll(content: Buffer, own: readonly Span[]): boolean {
    if (content.subarray(0, MASK.length).toString('latin1') === MASK) return MASKED.test(content.toString('utf8'))
    return own.length > 0 && own.reduce((sum, { start, end }) => sum + end - start, 0) === content.length
  }
}
