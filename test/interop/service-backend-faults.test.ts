import { describe, expect, test } from 'vitest'
import { arrivals, lost } from '../peers/arrivals.ts'
import { Backend, BEHAVIOURS } from '../peers/backend.ts'
import { describeEachExporter, type Exporter } from '../peers/exporters.ts'
import { mixture } from '../peers/mixture.ts'
import { report, ServiceUnderFaults } from './service-faults.ts'

const RECORDS = 2000
const BATCH = 200
/** In this order the tenth answer that settles a batch is the last of the first deck. */
const SEED = 20_261_124

/** What the exporter was told and what the backend has, with a service between them that retries like this. */
async function sendThrough(retry: string, exporter: Exporter, compression: 'none' | 'gzip') {
  const backend = await Backend.start()
  const service = await ServiceUnderFaults.start({
    source: 'otlp_http',
    sink: `type: otlp_http, endpoint: '${backend.url}', timeout: 2s, compression: ${compression}, retry: ${retry}`,
  })
  backend.reset(mixture(SEED))
  const endpoint = `http://${service.address}/v1/logs`
  const sent = await exporter.send({ endpoint, records: RECORDS, batch: BATCH, compression })
  await service.end()
  await backend.close()
  expect(sent.accepted.length + sent.refused.length).toBe(RECORDS)
  return { sent, backend, arrived: arrivals(backend.stored) }
}

function partsOf({ counts }: Backend): number {
  return counts.get('store-part') ?? 0
}

describe.concurrent('a backend that misbehaves', () => {
  describeEachExporter((exporter) => {
    const name = exporter.name
    test('loses nothing that was accepted, where the service repeats', async () => {
      const result = await sendThrough('{first: 20ms, longest: 200ms, give_up: 60s}', exporter, 'gzip')
      report(`${name}, the service repeats`, result.sent, result.arrived, result.backend.counts)
      // Nothing but patience was needed, and the exporter noticed nothing but partial success.
      const noticed = exporter.partialSuccessFails ? BATCH * partsOf(result.backend) : 0
      expect(result.sent.refused.length).toBeLessThanOrEqual(noticed)
      expect(lost(result.sent.accepted, result.arrived)).toEqual([])
      // The mixture did happen: some were stored, and the answer was lost.
      expect([...result.backend.counts.keys()].sort()).toEqual([...BEHAVIOURS].sort())
      expect(result.arrived.duplicates).toBeGreaterThan(0)
      expect(result.arrived.rejected.size).toBeGreaterThan(0)
    })

    test('loses nothing that was accepted, where the exporter repeats', async () => {
      const result = await sendThrough('{give_up: 0s}', exporter, 'none')
      report(`${name}, the exporter repeats`, result.sent, result.arrived, result.backend.counts)
      expect(lost(result.sent.accepted, result.arrived)).toEqual([])
      expect(result.sent.accepted.length).toBeGreaterThan(0)
      expect([...result.backend.counts.keys()].sort()).toEqual([...BEHAVIOURS].sort())
    })
  })
})
