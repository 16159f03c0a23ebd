import { constants } from 'node:os'
import { FieldsealError } from '../../errors.ts'
import { errnoOf } from './file-system.ts'

/** What no time heals: somebody has to mend the path, or the rights to it. */
const LASTING: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'ENXIO',
  'EPERM',
  'EROFS',
])

/** Whether a file that cannot be opened when the service starts is a mistake in the configuration. */
export function isLasting(error: unknown): boolean {
  return error instanceof FieldsealError ? error.code === 'FIELDSEAL_CONFIG_INVALID' : LASTING.has(errnoOf(error))
}

/** Why: our own words, or the system's code, which is one of a fixed set of words. Never its text, which has paths. */
function reasonOf(error: unknown): string {
  if (error instanceof FieldsealError) return error.message
  const code = errnoOf(error)
  return typeof code === 'string' && code in constants.errno ? code : 'an unknown error'
}

export function invalid(sink: string, error: unknown): FieldsealError {
  return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sink ${sink}: the file cannot be used: ${reasonOf(error)}`)
}

export function unavailable(sink: string, error: unknown): FieldsealError {
  return new FieldsealError(
    'FIELDSEAL_SINK_UNAVAILABLE',
    `sink ${sink}: the file cannot be written: ${reasonOf(error)}`,
  )
}
