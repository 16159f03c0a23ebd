import { z } from 'zod'
import { clientTls, secretText } from './network.ts'
import { duration } from './units.ts'

/** Where metrics or spans are sent. */
const otlp = (signal: string) => ({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .meta({ description: 'The whole URL, path included.', examples: [`https://collector.example.com/v1/${signal}`] }),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header'), secretText)
    .prefault({})
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the operator writes.
    .meta({ description: 'Sent with each request.', examples: [{ authorization: 'Bearer ${COLLECTOR_TOKEN}' }] }),
  compression: z.enum(['none', 'gzip']).default('none').meta({ description: 'Of what is sent.' }),
  tls: clientTls.optional(),
  timeout: duration('100ms', '10m').prefault('10s').meta({ description: 'Time for one request to be answered.' }),
})

const metricsSettings = z
  .strictObject({
    prometheus: z
      .boolean()
      .default(true)
      .meta({ description: 'Answer `/metrics` on the admin listener, as Prometheus reads it.' }),
    otlp: z
      .strictObject({
        ...otlp('metrics'),
        interval: duration('1s', '1h').prefault('60s').meta({ description: 'Time from one request to the next.' }),
      })
      .optional()
      .meta({ description: 'Send metrics over OTLP/HTTP (JSON), each worker its own.' }),
  })
  .prefault({})
  .meta({ description: 'Who gets the metrics of the service.' })

const tracesSettings = z
  .strictObject({
    otlp: z.strictObject(otlp('traces')).meta({ description: 'Send spans over OTLP/HTTP (JSON).' }),
    sample: z.number().min(0).max(1).default(0.01).meta({
      description:
        'The share of traces that begin here and are sampled, from 0 to 1. Where a client has sent a `traceparent`, it has decided.',
    }),
  })
  .optional()
  .meta({ description: 'Spans for each batch. Off where this is left out.' })

const resource = z
  .record(z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/, 'expected the name of an attribute'), z.string().max(256))
  .prefault({})
  .meta({
    description:
      'Attributes of the service itself, sent with metrics and spans. `service.name` is `fieldseal` where it is not set; `service.version` and `service.instance.id` are ours.',
    examples: [{ 'service.name': 'sealer', 'deployment.environment.name': 'production' }],
  })

/** What the service says of itself to others. */
export const telemetrySettings = z
  .strictObject({ metrics: metricsSettings, traces: tracesSettings, resource })
  .prefault({})
  .meta({ description: "The service's own metrics and traces: numbers, codes and names of the configuration." })
export type TelemetrySettings = z.output<typeof telemetrySettings>
