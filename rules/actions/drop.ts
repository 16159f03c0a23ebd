import type { ReplacingAction } from './action.ts'
import { escapePattern } from './escape-pattern.ts'

/** Removes a value; a matched part of a text becomes `[dropped:<kind>]`. */
export function dropAction(): ReplacingAction {
  return {
    name: 'drop',
    rank: 0,
    deferred: false,
    removes: true,
    leaves: 0,
    replace: ({ kind }) => `[dropped:${kind}]`,
    isResult: () => false,
    resultSource: (kinds) => `\\[dropped:(?:${kinds.map(escapePattern).join('|')})\\]`,
  }
}
