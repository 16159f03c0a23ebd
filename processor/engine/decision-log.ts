import type { ExceptionTest } from '../../rules/except.ts'
import type { WhereTest } from '../../rules/where.ts'
import type { Claim, Wanted } from './claims.ts'

/** Is told what is decided, and why: for people who write rules. The service has none. */
export interface DecisionLog {
  /** A rule wants a value, or in audit would want it. */
  wanted(claim: Claim): void
  /** A rule would want a value, but for an exception. */
  excepted(wanted: Wanted, exception: ExceptionTest): void
  /** A rule would want a value, but for a condition. */
  unmet(wanted: Wanted, test: WhereTest): void
  /** The claim has the value, or a part of it. */
  won(claim: Claim): void
}
