import { existsSync, readFileSync } from 'node:fs'

/** What another project's authors expect of their recognizers; see the folder's README for source and licence. */
const FILE = new URL('../../../../shared/vectors/presidio/recognizer_cases.json', import.meta.url)

interface RawCase {
  readonly recognizer: string
  readonly text: string
  readonly expected_count: number
  /** Code points, half open; empty or null where the file only counts. */
  readonly positions: readonly (readonly [number, number])[] | null
}

/** A part of a case's text that must be found: bytes of UTF-8, half open. */
export interface Wanted {
  /** The recognizer and the text of the match: what an exclusion names. */
  readonly id: string
  readonly value: string
  readonly start: number
  readonly end: number
  /** Where the file says that there is a match and not where, this is the whole text, and a part of it is enough. */
  readonly isSomewhere: boolean
}

export interface Case {
  /** The recognizer and the whole text. */
  readonly id: string
  readonly recognizer: string
  readonly text: string
  /** Empty where nothing may be found. */
  readonly wanted: readonly Wanted[]
}

export const PRESENT = existsSync(FILE)

function toCase({ recognizer, text, expected_count, positions }: RawCase): Case {
  const points = [...text]
  const isSomewhere = !positions?.length
  const places = expected_count === 0 ? [] : isSomewhere ? [[0, points.length] as const] : positions
  const wanted = places.map(([from, to]) => {
    const value = points.slice(from, to).join('')
    const start = Buffer.byteLength(points.slice(0, from).join(''))
    return { id: `${recognizer} ${value}`, value, start, end: start + Buffer.byteLength(value), isSomewhere }
  })
  return { id: `${recognizer} ${text}`, recognizer, text, wanted }
}

/** Each text once per recognizer and expectation. */
export function readCases(): readonly Case[] {
  if (!PRESENT) return []
  const raw: readonly RawCase[] = JSON.parse(readFileSync(FILE, 'utf8'))
  const byId = new Map(
    raw
      .filter(({ text }) => text !== '')
      .map((one) => [`${one.recognizer} ${one.text} ${one.expected_count}`, toCase(one)]),
  )
  return [...byId.values()]
}
