import { z } from 'zod'
import { clientTls, secretText } from '../../config/network.ts'
import { duration, wholeNumber } from '../../config/units.ts'
import { retrySettings } from '../retry/settings.ts'

const ENDPOINT = /^(?:(https?):\/\/)?((?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5}))\/?$/
const ENDPOINT_EXPECTED = 'expected an address with a port, such as https://backend.example.com:4317, and no path'

/** As a URL. Who says nothing of TLS means it. */
const endpoint = z
  .string(ENDPOINT_EXPECTED)
  .regex(ENDPOINT, ENDPOINT_EXPECTED)
  .refine((text) => Number(ENDPOINT.exec(text)?.[3] ?? 0) <= 65_535, 'a port is at most 65535')
  .transform((text) => {
    const [, scheme = 'https', address = ''] = ENDPOINT.exec(text) ?? []
    return `${scheme}://${address}`
  })

/** gRPC over HTTP/2, "Custom-Metadata": names with `grpc-` are gRPC's own, and those with `-bin` hold no text. */
const METADATA_NAME = /^(?![Gg][Rr][Pp][Cc]-)(?!.*-[Bb][Ii][Nn]$)[0-9A-Za-z_.-]+$/

/** Settings of `type: otlp_grpc` in `sinks`. */
export const otlpGrpcSinkSettings = z
  .strictObject({
    type: z.literal('otlp_grpc').meta({
      description: 'OTLP over gRPC. Batches that came in another format are converted.',
    }),
    endpoint: endpoint.meta({
      description: 'Address and port; `http://` before it for a backend without TLS.',
      examples: ['https://backend.example.com:4317'],
    }),
    required: z.boolean().default(true).meta({
      description:
        'Whether batches are acknowledged only once this sink has them. What a sink misses that is not required is lost to it, and counted.',
    }),
    headers: z
      .record(
        z
          .string()
          .regex(METADATA_NAME, 'expected the name of a metadata entry, without grpc- before or -bin behind it'),
        secretText,
      )
      .prefault({})
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what the operator writes.
      .meta({ description: 'Metadata of each call.', examples: [{ authorization: 'Bearer ${BACKEND_TOKEN}' }] }),
    compression: z.enum(['none', 'gzip']).default('none').meta({
      description: 'gzip costs several times as much as everything else; use it where the network is what is scarce.',
    }),
    tls: clientTls.optional(),
    requests: wholeNumber(1, 1024)
      .default(16)
      .meta({ description: 'Calls under way at the same time, on one connection.' }),
    timeout: duration('100ms', '10m').prefault('10s').meta({ description: 'Time for one call to be answered.' }),
    retry: retrySettings(
      'When a batch is sent again: after CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, lost connections, and RESOURCE_EXHAUSTED with `RetryInfo`, which is kept to.',
    ),
  })
  .meta({ title: 'otlp_grpc sink' })

export type OtlpGrpcSinkSettings = z.output<typeof otlpGrpcSinkSettings>
