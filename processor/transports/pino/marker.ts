import type { ErrorCode } from '../../errors.ts'

/** How each line of pino begins, unless it is told otherwise. Other levels and times may be anything, and are not taken over. */
const START = /^\{"level":(\d{1,3}),"time":(\d{13}),/
const ERROR_LEVEL = '50'

/**
 * The line that stands for one that cannot be sealed: level and time of that line, where they are pino's own numbers, and
 * nothing else of it.
 */
export function markerOf(line: string, code: ErrorCode, messageKey: string): string {
  const [, level = ERROR_LEVEL, time = String(Date.now())] = START.exec(line) ?? []
  const rest = JSON.stringify({ 'fieldseal.error': code, [messageKey]: '[fieldseal: not passed on]' })
  return `{"level":${level},"time":${time},${rest.slice(1)}\n`
}
