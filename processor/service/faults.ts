import type { EventEmitter } from 'node:events'
import { FieldsealError } from '../errors.ts'
import type { Log } from '../telemetry/log.ts'

/**
 * Ends the process when an exception or a rejection has reached nobody: what state it is in is not known then.
 *
 * What others throw may quote a record, in its message, its stack or its name. Nothing of it is written.
 */
export function endOnFaults(emitter: EventEmitter, log: Log, end: (exitCode: number) => void): void {
  let ended = false
  const fault = (kind: string) => (thrown: unknown) => {
    if (ended) return
    ended = true
    const error =
      thrown instanceof FieldsealError ? thrown : new FieldsealError('FIELDSEAL_INTERNAL', `an unexpected ${kind}`)
    try {
      log('crashed', error.message, { code: error.code, hint: error.hint })
    } finally {
      end(new FieldsealError('FIELDSEAL_INTERNAL', '').exit)
    }
  }
  emitter.on('uncaughtException', fault('exception'))
  emitter.on('unhandledRejection', fault('rejection'))
}
