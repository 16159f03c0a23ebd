/** What a replacement is made from. */
export interface Matched {
  /** The detector's name, or the rule's id where no detector is involved. */
  readonly kind: string
  /** The matched text, or the source text of a number or boolean. */
  readonly text: string
  /** The detector's normaliser; NFC where no detector is involved. */
  readonly normalise: (text: string) => string
}

/**
 * Where two actions want the same text, the one with the lower rank has it: what destroys comes before what seals,
 * and what seals before what others can read. What only counts comes last.
 */
export type ActionRank = 0 | 1 | 2 | 3 | 4

interface ActionBase {
  readonly name: string
  readonly rank: ActionRank
}

/** An action whose result is known at once. */
export interface ReplacingAction extends ActionBase {
  readonly deferred: false
  /** True where a whole value is taken out of the record instead of being replaced. */
  readonly removes: boolean
  /** Characters at the end that it leaves readable, at most. */
  readonly leaves: number
  /** The text that stands for a matched part of a text, for a whole value, and for a key. */
  replace(matched: Matched): string
  /** Whether `text` is a result of this action already, so that a second stage leaves it alone. */
  isResult(text: string): boolean
  /**
   * Source of a regular expression for results that stand inside a text, given the kinds that there are; undefined
   * where a result has no form by which it could be known.
   */
  resultSource(kinds: readonly string[]): string | undefined
}

/** `seal`: results are made together, many at a time, by the processor's sealer. */
export interface SealingAction extends ActionBase {
  readonly deferred: true
  /** Names of recipients and groups, as the rule has them. */
  readonly to: readonly string[]
  /** With a tenant in `to`: whom to seal for where the tenant is not known. */
  readonly fallback: string | undefined
  readonly text: 'span' | 'whole'
  /** Undefined: as the configuration says. */
  readonly layout: 'value' | 'record' | undefined
  readonly as: 'string' | 'sibling'
  readonly serialization: 'general' | 'compact'
  readonly strict: boolean | undefined
}

export type Action = ReplacingAction | SealingAction

/** Whether an action has no meaning for a map or array as a whole, and is carried out on the values in it. */
export function comesDown({ name }: Action): boolean {
  return name === 'hash' || name === 'mask' || name === 'report'
}
