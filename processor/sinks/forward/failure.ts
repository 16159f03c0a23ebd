import type { FieldsealError } from '../../errors.ts'
import { failureOf as failureOfHttp } from '../otlp-http/failure.ts'
import { unavailable } from '../retry/attempt.ts'

/** Why an endpoint has not taken a batch. What it says of it, or another library, is left out, here and for good. */
export type Failure = keyof typeof FAILURES

/** Whether the same may fare better later: keys, users and certificates are mended by people. */
const FAILURES = {
  unreachable: { message: 'cannot be reached', passing: true },
  closed: { message: 'closed the connection before it acknowledged', passing: true },
  late: { message: 'did not acknowledge in time', passing: true },
  stuck: { message: 'did not take the batch in time', passing: true },
  slow: { message: 'was not ready in time', passing: true },
  garbled: { message: 'did not answer in the Forward protocol', passing: true },
  flooding: { message: 'acknowledges what it was not sent', passing: true },
  greeted: { message: 'wants a handshake, and the sink has no shared key', passing: false },
  unnamed: { message: 'wants a user, and the sink has none', passing: false },
  refused: { message: 'does not accept the shared key, or the user and password', passing: false },
  impostor: { message: 'does not know the shared key', passing: false },
  mirrored: { message: 'has the same host name as the sink', passing: false },
  untrusted: { message: 'and the sink did not agree on TLS', passing: false },
  expired: { message: 'has a certificate that is not valid now', passing: false },
  unknown: { message: 'has a certificate of an authority that is not trusted', passing: false },
  misnamed: { message: 'has a certificate for another name', passing: false },
} as const satisfies Record<string, { message: string; passing: boolean }>

const OF_TLS: ReadonlySet<string> = new Set(['untrusted', 'expired', 'unknown', 'misnamed'])

/** @param connected - whether there was a connection */
export function failureOf(error: unknown, connected: boolean): Failure {
  const failure = failureOfHttp(error, connected)
  if (OF_TLS.has(failure)) return failure as Failure
  return connected ? 'closed' : 'unreachable'
}

export function isPassing(failure: Failure): boolean {
  return FAILURES[failure].passing
}

/** @param endpoint - as the operator has written it */
export function errorOf(failure: Failure, endpoint: string, sink: string): FieldsealError {
  return unavailable(`endpoint ${endpoint} of sink ${sink} ${FAILURES[failure].message}`)
}
