import type { ReplacingAction } from './action.ts'

export const MASK = '****'

/**
 * Replaces a text by `****`, and keeps its last characters where the rule asks for it and the text is at least twice
 * as long as what is kept: of a short text the last characters are nearly all of it.
 */
export function maskAction(keepLast: number): ReplacingAction {
  return {
    name: 'mask',
    rank: 3,
    deferred: false,
    removes: false,
    leaves: keepLast,
    replace({ text }) {
      const characters = [...text]
      const kept = keepLast > 0 && characters.length >= 2 * keepLast ? characters.slice(-keepLast).join('') : ''
      return MASK + kept
    },
    isResult: (text) =>
      /^(?:\*{4})+$/.test(text) || (text.startsWith(MASK) && [...text].length === MASK.length + keepLast),
    // Anybody writes asterisks.
    resultSource: () => undefined,
  }
}
