import type { Rule } from '../schema/index.ts'
import type { SealingAction } from './action.ts'

/** Replaces a value by a JWE that the named recipients can open. */
export function sealAction(options: NonNullable<Rule['seal']>): SealingAction {
  return {
    name: 'seal',
    rank: 1,
    deferred: true,
    to: typeof options.to === 'string' ? [options.to] : options.to,
    fallback: options.fallback,
    text: options.text,
    layout: options.layout,
    as: options.as,
    serialization: options.serialization,
    strict: options.strict,
  }
}
