import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { startSource } from './fixtures.ts'

describe.each([
  ['JSON', JsonExporter],
  ['protobuf', ProtobufExporter],
] as const)('the JavaScript SDK with %s', (_, Exporter) => {
  test.each(['none', 'gzip'])('delivers each record once, compressed with %s', async (compression) => {
    const { port, delivered } = await startSource()
    const exporter = new Exporter({ url: `http://127.0.0.1:${port}/v1/logs`, compression: compression as never })
    const provider = new LoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter, maxExportBatchSize: 64 })],
    })
    const logger = provider.getLogger('test')
    for (let record = 0; record < 500; record += 1) logger.emit({ body: `record-${record}-end` })
    await provider.shutdown()
    const found = delivered.flatMap((bytes) => bytes.toString('latin1').match(/record-\d+-end/g) ?? [])
    expect(found.length).toBe(500)
    expect(new Set(found).size).toBe(500)
  })

  test('sends again what was refused for now, and only that', async () => {
    let asked = 0
    const { port, delivered } = await startSource({
      deliver: async () => {
        asked += 1
        return asked <= 2 ? refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'away'), 10) : accepted()
      },
    })
    const provider = new LoggerProvider({
      processors: [
        new BatchLogRecordProcessor({ exporter: new Exporter({ url: `http://127.0.0.1:${port}/v1/logs` }) }),
      ],
    })
    provider.getLogger('test').emit({ body: 'kept' })
    await provider.shutdown()
    expect(delivered).toHaveLength(3)
    expect(new Set(delivered.map((bytes) => bytes.toString('latin1'))).size).toBe(1)
  })
})
