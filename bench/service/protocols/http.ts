import { checkSealedBatch } from '../../checks/sealed-batch.ts'
import { MARKER_BYTES, marker, sequenceOf, withoutMarker } from '../marker.ts'
import { HttpBackend } from './http-backend.ts'
import { HttpConnection } from './http-connection.ts'
import type { Protocol } from './protocol.ts'

/** OTLP/HTTP with protobuf. */
export const http: Protocol = {
  source: (port) => ({ type: 'otlp_http', listen: `127.0.0.1:${port}` }),
  sink: (port) => ({ type: 'otlp_http', endpoint: `http://127.0.0.1:${port}/v1/logs` }),
  batch: (batch) => batch,
  request({ bytes }) {
    const head = [
      'POST /v1/logs HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Type: application/x-protobuf',
      `Content-Length: ${bytes.length + MARKER_BYTES}`,
      '',
      '',
    ]
    const request = Buffer.concat([Buffer.from(head.join('\r\n')), bytes])
    return (sequence) => [request, marker(sequence)]
  },
  connect: (port) => new HttpConnection(port),
  listen: (delayMs) => HttpBackend.listen(delayMs),
  sequenceOf,
  check: (sent, body, openers) => checkSealedBatch(sent, withoutMarker(body), openers),
}
