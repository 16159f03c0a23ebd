import { readFileSync } from 'node:fs'
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import type { TelemetrySettings } from '../../config/telemetry-settings.ts'
import { readClientTls } from '../../http/client-tls.ts'
import { USER_AGENT } from '../../http/user-agent.ts'

type Settings = Omit<NonNullable<TelemetrySettings['metrics']['otlp']>, 'interval'>
type Options = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>

/** @throws FieldsealError `FIELDSEAL_TLS_INVALID` */
export function otlpOptions({ endpoint, headers, compression, tls, timeout }: Settings): Options {
  return {
    url: endpoint,
    // A secret is text no longer than the request is being written.
    headers: async () =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal().toString('latin1')])),
    // Its type is an enum, of whose package nothing else is needed.
    compression: compression as NonNullable<Options['compression']>,
    timeoutMillis: timeout,
    userAgent: USER_AGENT,
    httpAgentOptions: agentOptions(tls),
  }
}

function agentOptions(tls: Settings['tls'] = {}) {
  // Says what is wrong with the files, by their names.
  readClientTls(tls)
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file))
  // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise turn it off.
  const options = { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key), rejectUnauthorized: true }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
