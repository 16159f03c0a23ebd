import { EXIT_CODES } from '../../processor/cli/help.ts'
import { ERRORS } from '../../processor/errors.ts'
import { page, table } from './markdown.ts'

const INTRODUCTION = `Every error has a stable code. Messages hold no value of a record or of the configuration. "Try again" says whether the same input can succeed later.`

/** docs/reference/errors.md */
export function errorsPage(): string {
  const errors = table(
    ['Code', 'Exit code', 'Try again', 'What to do'],
    Object.entries(ERRORS).map(([code, { exit, retryable, hint }]) => [
      `\`${code}\``,
      String(exit),
      retryable ? 'yes' : 'no',
      hint,
    ]),
  )
  const exits = table(
    ['Exit code', 'Meaning'],
    EXIT_CODES.map(([code, meaning]) => [String(code), meaning]),
  )
  return page('# Errors', INTRODUCTION, errors, '## Exit codes of the command line', exits)
}
