import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrivals } from '../peers/arrivals.ts'
import { describeEachGrpcExporter, type SendOptions } from '../peers/exporters.ts'
import { operatorsFolder, RECIPIENTS, type RunningFieldseal, runFieldseal } from '../peers/fieldseal.ts'
import { GrpcBackend } from '../peers/grpc-backend.ts'
import { Authority, hasOpenssl } from '../processor/http/authority.ts'

const RECORDS = 1000
const BATCH = 100
const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)

/** Records of one batch stay together and in their order, whichever batch comes first. */
function inOrderOfBatches(numbers: readonly number[]): number[] {
  const batches = Array.from({ length: numbers.length / BATCH }, (_, at) => numbers.slice(at * BATCH, (at + 1) * BATCH))
  return batches.sort(([one = 0], [other = 0]) => one - other).flat()
}

/** Of what an exporter does to be let in, beside `endpoint`. */
type Security = Pick<SendOptions, 'ca' | 'cert' | 'key'>

describe('exporters of others over gRPC, with the service between them and a backend over gRPC', () => {
  const { folder, remove } = operatorsFolder()
  const secured: Partial<Record<'TLS' | 'mTLS', Security>> = {}
  let backend: GrpcBackend
  let fieldseal: RunningFieldseal

  beforeAll(async () => {
    backend = await GrpcBackend.start()
    let sources = "plain: {type: otlp_grpc, listen: '127.0.0.1:0'}"
    if (hasOpenssl) {
      mkdirSync(join(folder, 'tls'))
      const authority = new Authority(join(folder, 'tls'), 'authority')
      const { cert, key } = authority.issue('server')
      secured.TLS = { ca: authority.cert }
      secured.mTLS = { ca: authority.cert, ...authority.issue('client') }
      const tls = `cert: ${cert}, key: ${key}`
      sources += `, TLS: {type: otlp_grpc, listen: '127.0.0.1:0', tls: {${tls}}}`
      sources += `, mTLS: {type: otlp_grpc, listen: '127.0.0.1:0', tls: {${tls}, client_ca: ${authority.cert}}}`
    }
    fieldseal = await runFieldseal(
      folder,
      `${RECIPIENTS}
service: {admin: {listen: '127.0.0.1:0'}}
sources: {${sources}}
sinks: {backend: {type: otlp_grpc, endpoint: '${backend.url}'}}
`,
    )
  })

  afterAll(async () => {
    expect(await fieldseal.program.stop()).toEqual({ code: 0, signal: null })
    expect(fieldseal.program.output).not.toContain('@example.com')
    backend.close()
    remove()
  })

  describeEachGrpcExporter((exporter) => {
    async function sendAll(source: string, options: Pick<SendOptions, 'compression'> & Security) {
      backend.reset()
      const scheme = options.ca === undefined ? 'http' : 'https'
      const endpoint = `${scheme}://${fieldseal.source(source)}`
      const sent = await exporter.send({ endpoint, records: RECORDS, batch: BATCH, ...options })
      expect([sent.code, sent.refused]).toEqual([0, []])
      const { times, duplicates } = arrivals(backend.stored)
      expect(duplicates).toBe(0)
      for (const numbers of [sent.accepted, [...times.keys()]])
        expect(exporter.concurrent ? inOrderOfBatches(numbers) : numbers).toEqual(everyNumber)
    }

    test.each(['none', 'gzip'] as const)(
      'every record arrives once, in order, sealed (compression: %s)',
      async (compression) => sendAll('plain', { compression }),
    )

    test.skipIf(!hasOpenssl).each(['TLS', 'mTLS'] as const)(
      'every record arrives once, in order, sealed, over %s [needs the openssl command]',
      async (how) => sendAll(how, { compression: 'gzip', ...secured[how] }),
    )
  })
})
