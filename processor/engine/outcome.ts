import type { Edit } from '../formats/format.ts'

/** Edits that can be made once the sealing rounds are over, and how deep the sealed values in them lie. */
export interface Outcome {
  readonly edits: readonly (() => readonly Edit[])[]
  /** -1 where nothing is sealed. */
  readonly depth: number
  /** The text that stands in the place of the value afterwards; only for a value that became a text. */
  readonly text?: (() => Uint8Array) | undefined
  /** The value, or its entry, is taken out. */
  readonly removes?: boolean
}

export const NOTHING: Outcome = { edits: [], depth: -1 }

export function merge(outcomes: readonly Outcome[]): Outcome {
  return {
    edits: outcomes.flatMap(({ edits }) => edits),
    depth: outcomes.reduce((deepest, { depth }) => Math.max(deepest, depth), -1),
  }
}

export function editsOf(outcome: Outcome): Edit[] {
  return outcome.edits.flatMap((make) => make())
}
