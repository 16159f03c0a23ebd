import { FieldsealError } from '../../errors.ts'
import { describe } from './answer.ts'
import type { Connection } from './connection.ts'

interface WireAnswer {
  readonly line: string
  readonly error: FieldsealError
  readonly headers: string
}

/**
 * Answers what Node's parser, or its clock, does not let through: in plain text, since nobody knows what the client
 * speaks, and with nothing of what came.
 *
 * @param code - of Node's error.
 */
export function answerWireError(connection: Connection, code: string | undefined): void {
  // Whatever were written now would be taken for the answer to a batch that may yet be delivered.
  if (connection.owesAnswers) {
    connection.destroy()
    return
  }
  const { line, error, headers } = wireAnswer(code, connection.inBody)
  const body = `${describe(error)}\n`
  connection.linger(
    `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}Connection: close\r\n\r\n${body}`,
  )
}

function wireAnswer(code: string | undefined, inBody: boolean): WireAnswer {
  const invalid = (line: string, message: string) =>
    ({ line, error: new FieldsealError('FIELDSEAL_REQUEST_INVALID', message), headers: '' }) as const
  if (code === 'HPE_HEADER_OVERFLOW') return invalid('431 Request Header Fields Too Large', 'the headers are too large')
  if (code !== 'ERR_HTTP_REQUEST_TIMEOUT') return invalid('400 Bad Request', 'what came is not HTTP/1.1')
  if (!inBody) return invalid('408 Request Timeout', 'the headers did not come in time')
  // OTLP clients drop a batch at 408. A network that was too slow for it may be fast enough for the next attempt.
  const error = new FieldsealError('FIELDSEAL_BUSY', 'the request did not come within request_timeout')
  return { line: '503 Service Unavailable', error, headers: 'Retry-After: 1\r\n' }
}
