import type { Rule } from '../schema/index.ts'
import { listOf } from './list-of.ts'

/**
 * Whether two rules, in file order, compete for one text because of how they are written: not where their conditions
 * exclude each other, and not where the earlier has conditions and the later none, which reads as "all others".
 */
export function mayHoldTogether(earlier: Rule, later: Rule): boolean {
  const [first, second] = [Object.entries(earlier.where ?? {}), later.where ?? {}]
  if (first.length > 0 && Object.keys(second).length === 0) return false
  return first.every(([field, values]) => {
    const others = Object.hasOwn(second, field) ? listOf(second[field]) : undefined
    return others === undefined || listOf(values).some((value) => others.includes(value))
  })
}
