import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { arrivals, lost } from '../peers/arrivals.ts'
import { BEHAVIOURS } from '../peers/backend.ts'
import { Chain } from '../peers/chain.ts'
import { describeEachExporter, javascriptExporter } from '../peers/exporters.ts'
import { mixture } from '../peers/mixture.ts'
import { describeWithPeer } from '../peers/peer.ts'

const RECORDS = 2000
const SEED = 20_261_126
const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)

/** What the Collector's file exporter has written. */
function linesOf(chain: Chain) {
  const file = chain.documented.path('/var/lib/otelcol/sealed.jsonl')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => ({ format: 'otlp-json' as const, bytes: Buffer.from(line), rejected: 0 }))
}

describeWithPeer('the service in front of a Collector, as the page has it', 'collector', (collector) => {
  describeEachExporter((exporter) => {
    test.concurrent('every record arrives once, sealed, with the backend and in the file', async () => {
      const chain = await Chain.start(collector, 4320)
      const service = await chain.runFieldseal('front: fieldseal')
      const gateway = await chain.runCollector('front: collector')
      const endpoint = await chain.endpoint()
      const sent = await exporter.send({ endpoint, records: RECORDS, batch: 100, compression: 'none' })
      await Promise.all([service.stop(), gateway.stop()])
      const archived = linesOf(chain)
      const said = await chain.end()
      expect([sent.code, sent.accepted.length]).toEqual([0, RECORDS])
      for (const stored of [chain.backend.stored, archived]) {
        const { times, duplicates } = arrivals(stored)
        expect(duplicates).toBe(0)
        expect([...times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
      }
      expect(said).not.toContain('@example.com')
    })
  })

  test.concurrent('nothing that was accepted is lost where the backend misbehaves', async () => {
    const chain = await Chain.start(collector, 4320)
    chain.backend.reset(mixture(SEED))
    await chain.runFieldseal('front: fieldseal')
    await chain.runCollector('front: collector')
    const endpoint = await chain.endpoint()
    const sent = await javascriptExporter('json').send({ endpoint, records: RECORDS, batch: 125, compression: 'gzip' })
    await chain.end()
    const arrived = arrivals(chain.backend.stored)
    expect(sent.accepted.length + sent.refused.length).toBe(RECORDS)
    expect(sent.accepted.length).toBeGreaterThan(0)
    expect(lost(sent.accepted, arrived)).toEqual([])
    expect([...chain.backend.counts.keys()].sort()).toEqual([...BEHAVIOURS].sort())
    console.log(
      `service, Collector, backend: ${sent.accepted.length} accepted, ${sent.refused.length} refused, ` +
        `${arrived.duplicates} duplicates`,
    )
  })

  test.concurrent('what is sent while the Collector is down is refused, or arrives once it is there', async () => {
    const chain = await Chain.start(collector, 4320)
    await chain.runFieldseal('front: fieldseal')
    const endpoint = await chain.endpoint()
    const sending = javascriptExporter('json').send({ endpoint, records: 200, batch: 100, compression: 'none' })
    await chain.runCollector('front: collector')
    const sent = await sending
    await chain.end()
    expect([sent.code, sent.accepted.length]).toEqual([0, 200])
    expect(lost(sent.accepted, arrivals(chain.backend.stored))).toEqual([])
  })
})
