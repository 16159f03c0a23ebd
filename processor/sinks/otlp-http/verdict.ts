import { FieldsealError } from '../../errors.ts'
import { type Failed, unavailable } from '../retry/attempt.ts'
import type { Exchange } from './exchange.ts'
import { FAILURES, isPassing } from './failure.ts'

/** OTLP specification, "Retryable Response Codes". */
const RETRYABLE = new Set([429, 502, 503, 504])

/** Faults of what was configured: the address, the token, a proxy. The batch is as good as any. */
const CONFIGURATION = new Set([401, 403, 404, 405, 407])

/** What an exchange means for its batch. @returns undefined for a success: any status of 2xx. */
export function verdictOf({ status, failure }: Exchange, sink: string): Failed | undefined {
  if (failure !== undefined) {
    return { error: unavailable(`the backend of sink ${sink} ${FAILURES[failure]}`), repeat: isPassing(failure) }
  }
  if (status >= 200 && status < 300) return undefined
  const message = `the backend of sink ${sink} answered ${status}`
  if (RETRYABLE.has(status)) return { error: unavailable(message), repeat: true }
  // Redirections are not followed: they could lead the batch, and the token with it, to anybody.
  if (status < 400 || CONFIGURATION.has(status)) return { error: unavailable(message), repeat: false }
  return { error: new FieldsealError('FIELDSEAL_SINK_REFUSED', message), repeat: false }
}
