/** Everything that a canary can find wrong. `docs/canary.md` says what each means. */
export const CANARY_FAULTS = [
  'recipient-missing',
  'recipient-unexpected',
  'wrong-key',
  'bypassed',
  'scan-silent',
  'lost',
] as const

export type CanaryFault = (typeof CANARY_FAULTS)[number]

/** What is wrong with one canary. It holds names of the configuration and of our tables, never a value. */
export interface Fault {
  readonly code: CanaryFault
  /** The detector, rule or path that the canary is for. */
  readonly canary: string
  /** The recipient, by its name in the configuration, or by its kid where it has none there. */
  readonly recipient?: string
  /** Words about it. */
  readonly detail?: string
}
