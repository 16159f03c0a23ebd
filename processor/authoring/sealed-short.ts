import { PLACEHOLDER } from '../engine/parts.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'
import type { RulesInUse } from './rules-in-use.ts'
import type { SampleValue } from './sample-reader.ts'

/** Part of a text; marked is what a rule matched, or what it made of that. */
export interface TextPiece {
  readonly text: string
  readonly marked: boolean
}

type Known = Pick<RulesInUse, 'nameOf' | 'knownKids' | 'settings'>

/** What rules leave in texts. */
const RESULT = /\[sealed:[^\][]{1,999}\]|\[dropped:[\w.-]{1,64}\]|hmac-sha256:[^:\s]{1,64}:[\w-]{22}(?![\w-])|\*{4}/g

/** Shows the values of one record after they were sealed: `[sealed:email → dpo, fraud]` for a JWE or a placeholder. */
export class SealedShort {
  readonly #known: Known
  /** Names of those who can open a JWE of the record's list, by its id. */
  readonly #readers = new Map<string, readonly string[]>()

  /** @param list - the values of the record's list of sealed parts. */
  constructor(known: Known, list: readonly SampleValue[]) {
    this.#known = known
    for (const { text } of list) {
      const sealed = text === undefined ? undefined : this.#recognise(text)
      if (sealed !== undefined) this.#readers.set(sealed.id, sealed.kids.map(known.nameOf))
    }
  }

  /** @param kind - what a value that is one JWE is shown as. */
  pieces(text: string, kind: string | undefined): TextPiece[] {
    const sealed = this.#recognise(text)
    const short =
      sealed === undefined
        ? text.replaceAll(PLACEHOLDER, (whole, named: string, id: string) => {
            const readers = this.#readers.get(id)
            return readers === undefined ? whole : shown(named, readers)
          })
        : shown(kind ?? sealed.header.path, sealed.kids.map(this.#known.nameOf))
    return marked(
      short,
      [...short.matchAll(RESULT)].map(({ 0: { length }, index }) => [index, index + length]),
    )
  }

  #recognise(text: string) {
    return recogniseSealed(text, this.#known.knownKids, this.#known.settings.limits.value)
  }
}

function shown(kind: string, readers: readonly string[]): string {
  return `[sealed:${kind} → ${readers.join(', ')}]`
}

/**
 * Cuts a text into pieces.
 *
 * @param spans - what is marked, in any order; UTF-16 units.
 */
export function marked(text: string, spans: readonly (readonly [start: number, end: number])[]): TextPiece[] {
  const pieces: TextPiece[] = []
  let done = 0
  const add = (end: number, isMarked: boolean): void => {
    if (end > done) pieces.push({ text: text.slice(done, end), marked: isMarked })
    done = Math.max(done, end)
  }
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    add(start, false)
    add(end, true)
  }
  add(text.length, false)
  return pieces
}
