import { FieldsealError } from '../../errors.ts'
import { type AnyInfo, MESSAGE, SPLAT } from './info.ts'

/**
 * A place for an argument, as splat() of logform knows them; what is rather the escape of a URL (`%d0%b4`) is none, since
 * this is for a warning.
 */
const PLACE = /(?<!%)%[scdjifoO](?![0-9a-f])/i

/**
 * Looks at one record as it comes to `seal()`, and says what is wrong with the order of formats.
 *
 * @param isOnTransport - whether it was called by a transport, not by the logger.
 */
export function misplacementOf(info: AnyInfo, isOnTransport: boolean): FieldsealError | undefined {
  if (isOnTransport) {
    return misplaced(
      'seal() is the format of a transport: what other transports get, such as those that instrumentation adds, is not sealed by it. Put it into the format of the logger, or put SealTransport around the transport',
    )
  }
  const { message } = info
  if (info[MESSAGE] !== undefined && info[MESSAGE] !== message) {
    return misplaced(
      'a format before seal() has already made a line of the record. Put json(), printf(), simple() and the like behind seal(): lines of records in which something was found are now made anew, as JSON',
    )
  }
  if (typeof message === 'string' && PLACE.test(message) && Array.isArray(info[SPLAT]) && info[SPLAT].length > 0) {
    return misplaced(
      'the message of a record has places for arguments that no format has filled yet. Put splat() before seal(): rules then see the message as it will be',
    )
  }
  return undefined
}

function misplaced(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_MISPLACED', message)
}

/** Whether the format that asks was called by a transport: the nearest stream on the stack says so. */
export function isCalledByTransport(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const { stack = '' } = new Error('where')
  Error.stackTraceLimit = stackTraceLimit
  return /\b_(transform|writev?)\b/.exec(stack)?.[1]?.startsWith('write') ?? false
}
