import { z } from 'zod'
import { listenAddress, serverTls, tokenFiles } from '../../config/network.ts'
import { byteSize, duration, wholeNumber } from '../../config/units.ts'
import { parseBodies } from '../reading.ts'

/** Settings of `type: otlp_http` in `sources`. */
export const otlpHttpSourceSettings = z
  .strictObject({
    type: z.literal('otlp_http').meta({ description: 'OTLP over HTTP/1.1, protobuf and JSON, at `/v1/logs`.' }),
    listen: listenAddress.prefault('127.0.0.1:4318').meta({
      description: 'Address and port. Other than loopback needs `tokens`, `tls.client_ca`, or `insecure`.',
      examples: ['0.0.0.0:4318'],
    }),
    tls: serverTls.optional(),
    tokens: tokenFiles,
    insecure: z.boolean().default(false).meta({
      description: 'Lets everyone who reaches the address send records: without tokens and client certificates.',
    }),
    parse: parseBodies,
    max_wire: byteSize('1GiB')
      .prefault('20MiB')
      .meta({ description: 'Largest request as it is sent, compressed or not. Larger ones are answered with 413.' }),
    max_inflated: byteSize('1GiB')
      .prefault('64MiB')
      .meta({ description: 'Largest request after decompression. Larger ones are answered with 413.' }),
    max_connections: wholeNumber(1, 1_000_000)
      .default(20_000)
      .meta({ description: 'Connections at the same time; others are closed at once.' }),
    headers_timeout: duration('1s', '5m')
      .prefault('10s')
      .meta({ description: 'Time for the headers of a request to arrive.' }),
    request_timeout: duration('1s', '30m').prefault('30s').meta({ description: 'Time for a whole request to arrive.' }),
    idle_timeout: duration('1s', '1h')
      .prefault('75s')
      .meta({ description: 'Time that a connection may be without a request.' }),
  })
  .meta({ title: 'otlp_http source' })

export type OtlpHttpSourceSettings = z.output<typeof otlpHttpSourceSettings>
