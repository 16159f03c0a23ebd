/**
 * Sends numbered records, each with one e-mail address, by OpenTelemetry's JavaScript SDK to an OTLP endpoint.
 *
 *     javascript-exporter.ts --endpoint URL [--protocol http|grpc] [--encoding json|protobuf] [--records N] [--batch N]
 *                            [--compression none|gzip] [--ca FILE] [--cert FILE --key FILE]
 *
 * For each batch that was settled a line of JSON says what the exporter was told: `{"accepted":[0,1,2]}` or
 * `{"refused":[0,1,2]}`. Exit code 0: everything was accepted.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { credentials } from '@grpc/grpc-js'
import { SeverityNumber } from '@opentelemetry/api'
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'

/** Milliseconds; longer than anything takes: what is tested is whether records arrive, not when. */
const FOREVER = 600_000

const { values } = parseArgs({
  options: {
    endpoint: { type: 'string', default: '' },
    protocol: { type: 'string', default: 'http' },
    encoding: { type: 'string', default: 'json' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    records: { type: 'string', default: '2000' },
    batch: { type: 'string', default: '100' },
    compression: { type: 'string', default: 'none' },
  },
})
const count = Number(values.records)

process.env.OTEL_EXPORTER_OTLP_COMPRESSION = values.compression
const exporter = makeExporter()

function makeExporter() {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file))
  const [ca, cert, key] = [read(values.ca), read(values.cert), read(values.key)]
  const options = { url: values.endpoint, timeoutMillis: FOREVER }
  if (values.protocol === 'grpc') {
    const secure = ca === undefined ? credentials.createInsecure() : credentials.createSsl(ca, key, cert)
    return new GrpcExporter({ ...options, credentials: secure })
  }
  const Exporter = values.encoding === 'json' ? JsonExporter : ProtobufExporter
  const given = Object.entries({ ca, cert, key }).filter(([, file]) => file !== undefined)
  return new Exporter({ ...options, httpAgentOptions: { keepAlive: true, ...Object.fromEntries(given) } })
}

/** Writes down what became of each batch. */
const reporting: LogRecordExporter = {
  export(records, settled) {
    exporter.export(records, (result) => {
      const outcome = result.code === 0 ? 'accepted' : 'refused'
      if (outcome === 'refused') process.exitCode = 1
      console.log(JSON.stringify({ [outcome]: records.map(({ attributes }) => attributes.sequence) }))
      settled(result)
    })
  },
  forceFlush: () => exporter.forceFlush(),
  shutdown: () => exporter.shutdown(),
}

const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'peer-javascript' }),
  processors: [
    new BatchLogRecordProcessor({
      exporter: reporting,
      maxQueueSize: count,
      maxExportBatchSize: Number(values.batch),
      scheduledDelayMillis: 50,
      exportTimeoutMillis: FOREVER,
    }),
  ],
})
const logger = provider.getLogger('peer')
for (let number = 0; number < count; number++) {
  const address = `customer-${number}@example.com`
  const inBody = number % 2 === 0
  logger.emit({
    timestamp: Date.now(),
    severityNumber: SeverityNumber.INFO,
    body: inBody ? `order ${number} of ${address} was paid` : `order ${number} was paid`,
    attributes: inBody ? { sequence: number } : { sequence: number, customer: address },
  })
}
await provider.forceFlush({ timeoutMillis: FOREVER })
await provider.shutdown()
