import { readFileSync } from 'node:fs'
import { credentials } from '@grpc/grpc-js'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { refused } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { Authority, hasOpenssl } from '../../http/authority.ts'
import { startSource } from './fixtures.ts'

type ExporterOptions = NonNullable<ConstructorParameters<typeof OTLPLogExporter>[0]>

/** Sends numbered records, some to each request, and ends once all of them are settled. */
async function sendRecords(options: ExporterOptions, count = 500): Promise<void> {
  const provider = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(options), maxExportBatchSize: 64 })],
  })
  const logger = provider.getLogger('test')
  for (let record = 0; record < count; record += 1) logger.emit({ body: `record-${record}-end` })
  await provider.shutdown()
}

function records(delivered: readonly Buffer[]): string[] {
  return delivered.flatMap((bytes) => bytes.toString('latin1').match(/record-\d+-end/g) ?? [])
}

const EVERY = Array.from({ length: 500 }, (_, record) => `record-${record}-end`)

describe('the JavaScript SDK', () => {
  test.each(['none', 'gzip'])('delivers each record once, in order, compressed with %s', async (compression) => {
    const { address, delivered } = await startSource()
    await sendRecords({ url: `http://${address}`, compression: compression as never })
    expect(records(delivered)).toEqual(EVERY)
  })

  test.skipIf(!hasOpenssl).each(['TLS', 'mTLS'])('delivers over %s [needs the openssl command]', async (how) => {
    const authority = new Authority(temporaryFolder(), 'authority')
    const client = authority.issue('client')
    const tls = { ...authority.issue('server'), ...(how === 'mTLS' ? { client_ca: authority.cert } : {}) }
    const { address, delivered } = await startSource({ options: { tls } })
    const own = how === 'mTLS' ? [readFileSync(client.key), readFileSync(client.cert)] : []
    await sendRecords({
      url: `https://${address}`,
      credentials: credentials.createSsl(readFileSync(authority.cert), ...own),
    })
    expect(records(delivered)).toEqual(EVERY)
  })

  test('is told what was refused, and why', async () => {
    const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'away')
    const { address } = await startSource({ deliver: async () => refused(error) })
    const exporter = new OTLPLogExporter({ url: `http://${address}` })
    const result = await new Promise<{ code: number; error?: Error }>((resolve) => exporter.export([], resolve))
    expect([result.code, result.error?.message]).toEqual([
      1,
      expect.stringContaining('FIELDSEAL_SINK_UNAVAILABLE: away'),
    ])
    await exporter.shutdown()
  })
})
