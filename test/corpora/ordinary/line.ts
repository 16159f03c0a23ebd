import type { Random } from './random.ts'

/** A value as a log record holds it. */
export interface Line {
  /** The key that the value stands under; empty for the text of a record. */
  readonly key: string
  readonly text: string
}

/** Makes one line of a kind. None of its values is personal data, or would be taken for it by a careful reader. */
export type Kind = (random: Random) => string | Line
