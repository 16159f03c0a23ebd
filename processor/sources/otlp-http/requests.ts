import type { IncomingMessage, ServerResponse } from 'node:http'
import { FieldsealError } from '../../errors.ts'
import type { BearerTokens } from '../../http/tokens.ts'
import { refused, type Settlement } from '../../pipeline/settlement.ts'
import type { Deliver, IncomingBatch } from '../source.ts'
import { acceptedAnswer, refusalAnswer, send } from './answer.ts'
import { readBody } from './body.ts'
import type { BodyLimits } from './chunks.ts'
import type { Connection } from './connection.ts'
import { encodingOf, FORMATS } from './encoding.ts'
import { type Refusal, refusal, refusalOf } from './refusal.ts'
import { Room, type RoomLimits } from './room.ts'
import { type Screened, screen } from './screen.ts'

/** What requests are answered with and by. What can change is asked for once for each request. */
export interface Reception {
  readonly deliver: Deliver
  readonly limits: BodyLimits
  readonly room: RoomLimits
  readonly tokens: () => BearerTokens
  readonly draining: () => boolean
}

/** What a client expects before it sends its body (RFC 9110 section 10.1.1). */
export type Expectation = 'nothing' | 'continue' | 'unknown'

/** Answers one request. Never rejects. */
export async function answerRequest(
  reception: Reception,
  connection: Connection,
  request: IncomingMessage,
  response: ServerResponse,
  expectation: Expectation,
): Promise<void> {
  // A connection that breaks is told by `close`.
  request.on('error', () => {})
  response.on('error', () => {})
  const signal = connection.begin(response)
  const arrived = Date.now()
  const head = receive(reception, connection, request, expectation)
  if ('error' in head) return refuse(connection, request, response, head)

  const reservation = connection.budget.reservation()
  try {
    const room = new Room(reservation, reception.room)
    if (!room.reserve(head.length ?? 0)) return refuse(connection, request, response, room.refusal as Refusal)
    const body = await connection.reading(response, () => {
      const read = readBody(request, head, reception.limits, room)
      if (expectation === 'continue') response.writeContinue()
      return read
    })
    if (body === undefined) return
    if (!Buffer.isBuffer(body)) return refuse(connection, request, response, body)
    const { encoding } = head
    const batch = { bytes: body, format: FORMATS[encoding], reservation, signal, arrived }
    const { traceparent } = request.headers
    // Of several, which are no good, Node makes one text.
    const settlement = await settle(reception, typeof traceparent === 'string' ? { ...batch, traceparent } : batch)
    const answer =
      settlement.outcome === 'accepted'
        ? acceptedAnswer(settlement.rejected, encoding)
        : refusalAnswer(refusalOf(settlement.error, settlement.retryAfterMs), encoding)
    send(response, answer, reception.draining() || connection.dismissed)
  } catch {
    // Memory that the system does not give, for all that is known.
    refuse(connection, request, response, refusalOf(new FieldsealError('FIELDSEAL_INTERNAL', 'a request failed')))
  } finally {
    reservation.release()
  }
}

/** In this order: whether the service takes requests, who sends this one, what it is, how large it is. */
function receive(
  { draining, tokens, limits }: Reception,
  connection: Connection,
  request: IncomingMessage,
  expectation: Expectation,
): Screened | Refusal {
  if (draining()) return refusal(503, new FieldsealError('FIELDSEAL_DRAINING', 'the service is stopping'))
  if (connection.dismissed) {
    const message = 'the authority of the certificate is not known here any more'
    return refusal(401, new FieldsealError('FIELDSEAL_UNAUTHENTICATED', message))
  }
  if (!tokens().accept(request.headers.authorization)) {
    const error = new FieldsealError('FIELDSEAL_UNAUTHENTICATED', 'the request has no token that is known here')
    // RFC 6750 section 3: the scheme to use.
    return { ...refusal(401, error), headers: { 'WWW-Authenticate': 'Bearer' } }
  }
  if (connection.full) {
    return refusal(429, new FieldsealError('FIELDSEAL_BUSY', 'this connection has too many requests under way'))
  }
  if (expectation === 'unknown') {
    return refusal(417, new FieldsealError('FIELDSEAL_REQUEST_INVALID', 'only 100-continue can be expected'))
  }
  return screen(request, limits)
}

async function settle({ deliver }: Reception, batch: IncomingBatch): Promise<Settlement> {
  try {
    return await deliver(batch)
  } catch {
    return refused(new FieldsealError('FIELDSEAL_INTERNAL', 'the batch was not settled'))
  }
}

/** Says no. A body that has not been read ends the connection: there may be any amount of it. */
function refuse(connection: Connection, request: IncomingMessage, response: ServerResponse, refused: Refusal): void {
  const unread = !request.complete && hasBody(request)
  if (unread) {
    connection.closeAfterAnswer()
    // So that Node does not read on for an answer that comes before the end of its request.
    request.read(0)
  }
  const last = unread || connection.dismissed || refused.error.code === 'FIELDSEAL_DRAINING'
  send(response, refusalAnswer(refused, encodingOf(request.headers['content-type'])), last)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
