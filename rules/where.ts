export type Scalar = string | number | boolean

/** One condition of a rule: a field that must have one of some values. */
export interface WhereTest {
  /** Index into the plan's `where` fields. */
  readonly field: number
  readonly values: readonly Scalar[]
}

/**
 * Whether one condition holds for the values that a record has in the field.
 *
 * @returns undefined where the record lacks the field, or has it with another type: the caller then decides by the
 *   action, so that a rule that protects is not switched off by a field that somebody forgot.
 */
export function whereHolds(test: WhereTest, found: readonly Scalar[]): boolean | undefined {
  const comparable = found.filter((value) => test.values.some((wanted) => typeof wanted === typeof value))
  if (comparable.length === 0) return undefined
  return comparable.some((value) => test.values.includes(value))
}
