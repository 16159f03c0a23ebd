import type { ReplacingAction } from './action.ts'

/** The leak scan's: a value is counted, and left as it is. No rule of a file has it. */
export function reportAction(): ReplacingAction {
  return {
    name: 'report',
    rank: 4,
    deferred: false,
    removes: false,
    leaves: 0,
    replace: ({ text }) => text,
    isResult: () => false,
    resultSource: () => undefined,
  }
}
