import { z } from 'zod'
import { listenAddress, serverTls, tokenFiles } from '../../config/network.ts'
import { byteSize, duration, wholeNumber } from '../../config/units.ts'
import { parseBodies } from '../reading.ts'

/** Settings of `type: otlp_grpc` in `sources`. */
export const otlpGrpcSourceSettings = z
  .strictObject({
    type: z.literal('otlp_grpc').meta({ description: 'OTLP over gRPC: `LogsService/Export`, gzip and deflate.' }),
    listen: listenAddress.prefault('127.0.0.1:4317').meta({
      description: 'Address and port. Other than loopback needs `tokens`, `tls.client_ca`, or `insecure`.',
      examples: ['0.0.0.0:4317'],
    }),
    tls: serverTls.optional(),
    tokens: tokenFiles,
    insecure: z.boolean().default(false).meta({
      description: 'Lets everyone who reaches the address send records: without tokens and client certificates.',
    }),
    parse: parseBodies,
    max_wire: byteSize('1GiB').prefault('64MiB').meta({
      description:
        'Largest message as it is sent, compressed or not. Larger ones are answered with RESOURCE_EXHAUSTED.',
    }),
    max_inflated: byteSize('1GiB')
      .prefault('64MiB')
      .meta({ description: 'Largest message after decompression. Larger ones are answered with RESOURCE_EXHAUSTED.' }),
    max_connections: wholeNumber(1, 1_000_000)
      .default(20_000)
      .meta({ description: 'Connections at the same time; others are closed at once.' }),
    max_calls: wholeNumber(1, 10_000).default(100).meta({
      description:
        'Calls of one connection at the same time (SETTINGS_MAX_CONCURRENT_STREAMS); others wait with the client.',
    }),
    handshake_timeout: duration('1s', '5m').prefault('10s').meta({ description: 'Time for the handshake of TLS.' }),
    request_timeout: duration('1s', '30m').prefault('30s').meta({
      description: 'Time for a whole message to arrive, and for an answer to be taken.',
    }),
    idle_timeout: duration('1s', '1h')
      .prefault('10m')
      .meta({ description: 'Time that a connection may be without a call. Clients open another when they need it.' }),
  })
  .meta({ title: 'otlp_grpc source' })

export type OtlpGrpcSourceSettings = z.output<typeof otlpGrpcSourceSettings>
