/** Where one thing was found: what code scanning shows. */
export interface Occurrence {
  /** Undefined for the standard input. */
  readonly file: string | undefined
  /** From 1. */
  readonly line: number
  readonly detector: string
  readonly path: string
  /** Masked. */
  readonly example: string
}
