import { z } from 'zod'
import { clientTls, secretText } from '../../config/network.ts'
import { duration, wholeNumber } from '../../config/units.ts'
import { retrySettings } from '../retry/settings.ts'

/** Settings of `type: otlp_http` in `sinks`. */
export const otlpHttpSinkSettings = z
  .strictObject({
    type: z.literal('otlp_http').meta({ description: 'OTLP over HTTP/1.1, in the encoding in which a batch came.' }),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
      .meta({ description: 'The whole URL, path included.', examples: ['https://backend.example.com/v1/logs'] }),
    required: z.boolean().default(true).meta({
      description:
        'Whether batches are acknowledged only once this sink has them. What a sink misses that is not required is lost to it, and counted.',
    }),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header'), secretText)
      .prefault({})
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what the operator writes.
      .meta({ description: 'Sent with each request.', examples: [{ authorization: 'Bearer ${BACKEND_TOKEN}' }] }),
    compression: z.enum(['none', 'gzip']).default('none').meta({
      description: 'gzip costs several times as much as everything else; use it where the network is what is scarce.',
    }),
    tls: clientTls.optional(),
    requests: wholeNumber(1, 1024)
      .default(16)
      .meta({ description: 'Requests under way at the same time, each on its own connection.' }),
    timeout: duration('100ms', '10m').prefault('10s').meta({ description: 'Time for one request to be answered.' }),
    retry: retrySettings(
      'When a batch is sent again: after 429, 502, 503, 504 and lost connections. A `Retry-After` of the backend is kept to.',
    ),
  })
  .meta({ title: 'otlp_http sink' })

export type OtlpHttpSinkSettings = z.output<typeof otlpHttpSinkSettings>
