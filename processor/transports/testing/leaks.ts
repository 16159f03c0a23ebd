import { spellingsOf } from './spellings.ts'

/** A text that stands nowhere else, so that whoever finds it has found a leak. */
export interface Canary {
  /** What it is or where it was put, for the message of a failure. */
  readonly place: string
  readonly text: string
}

export interface Leak {
  readonly place: string
  /** How it was written. */
  readonly encoding: string
}

interface Needle extends Leak {
  readonly text: string
}

/** So many characters of a spelling are looked up at once: a shorter text would be found by chance. */
const INDEXED = 4

/** Many texts, looked for at once in every way in which they may be written. */
export class Hunt {
  /** By the first characters of a spelling: what is written in any case, and what is base64. */
  readonly #inAnyCase = new Map<number, Needle[]>()
  readonly #base64 = new Map<number, Needle[]>()
  readonly #lists = new Map<number, Needle[]>()

  /** @throws RangeError for a text of less than four characters, which stands everywhere by chance. */
  constructor(canaries: readonly Canary[]) {
    for (const { place, text } of canaries) {
      if (text.length < INDEXED) throw new RangeError(`a text of less than ${INDEXED} characters: ${place}`)
      const { inAnyCase, base64, lists } = spellingsOf(text)
      for (const [encoding, spelt] of inAnyCase) add(this.#inAnyCase, { place, encoding, text: spelt.toLowerCase() })
      for (const [encoding, spelt] of base64) add(this.#base64, { place, encoding, text: spelt })
      for (const [encoding, spelt] of lists) add(this.#lists, { place, encoding, text: spelt })
    }
  }

  /** Each text once for each way in which it is written there. */
  in(output: Uint8Array | string): Leak[] {
    // A character for a byte: what is no UTF-8 is looked through as well.
    const text = Buffer.from(output as string).toString('latin1')
    return [
      ...found(this.#inAnyCase, text.toLowerCase()),
      ...found(this.#base64, text.replaceAll('-', '+').replaceAll('_', '/')),
      // `{"0":106,"1":97}` is what JSON makes of an array of bytes.
      ...(/\d,"?\s*"?\d/.test(text) ? found(this.#lists, text.replaceAll(/"\d+":|\s+/g, '')) : []),
    ]
  }
}

/** Every way in which a canary has got out. */
export function leaksIn(output: Uint8Array | string, canaries: readonly Canary[]): Leak[] {
  return new Hunt(canaries).in(output)
}

function add(index: Map<number, Needle[]>, needle: Needle): void {
  if (needle.text.length < INDEXED) return
  let start = 0
  for (let at = 0; at < INDEXED; at += 1) start = (start << 8) | needle.text.charCodeAt(at)
  const others = index.get(start)
  if (others === undefined) index.set(start, [needle])
  // Plain texts are written in some encodings as they are.
  else if (!others.some(({ place, text }) => place === needle.place && text === needle.text)) others.push(needle)
}

function found(index: ReadonlyMap<number, readonly Needle[]>, text: string): Leak[] {
  const leaks = new Set<Needle>()
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    start = (start << 8) | text.charCodeAt(at)
    const needles = index.get(start)
    if (needles === undefined) continue
    for (const needle of needles) if (text.startsWith(needle.text, at - INDEXED + 1)) leaks.add(needle)
  }
  const distinct = new Map([...leaks].map(({ place, encoding }) => [`${place}\n${encoding}`, { place, encoding }]))
  return [...distinct.values()]
}
