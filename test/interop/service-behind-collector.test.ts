import { expect, test } from 'vitest'
import { arrivals, lost, numbersIn } from '../peers/arrivals.ts'
import { BEHAVIOURS } from '../peers/backend.ts'
import { Chain } from '../peers/chain.ts'
import { describeEachExporter, javascriptExporter } from '../peers/exporters.ts'
import { mixture } from '../peers/mixture.ts'
import { describeWithPeer } from '../peers/peer.ts'
import { untilComplete } from '../peers/until-complete.ts'

const RECORDS = 2000
const SEED = 20_261_125
const SENDING = { records: RECORDS, batch: 100, compression: 'gzip' } as const
const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)

function untilAllHaveArrived({ backend }: Chain, records = RECORDS): Promise<void> {
  return untilComplete(() => ({
    complete: numbersIn(backend.stored).size === records,
    news: [...backend.counts.values()].reduce((sum, count) => sum + count, 0),
  }))
}

describeWithPeer('the service behind a Collector, as the page has it', 'collector', (collector) => {
  describeEachExporter((exporter) => {
    test.concurrent('every record arrives once, sealed', async () => {
      const chain = await Chain.start(collector, 4320)
      await chain.runFieldseal('behind: fieldseal')
      await chain.runCollector('behind: collector')
      const sent = await exporter.send({ endpoint: await chain.endpoint(), ...SENDING })
      await untilAllHaveArrived(chain)
      const said = await chain.end()
      expect([sent.code, sent.accepted.length]).toEqual([0, RECORDS])
      const { times, duplicates } = arrivals(chain.backend.stored)
      expect(duplicates).toBe(0)
      expect([...times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
      expect(said).not.toContain('@example.com')
    })
  })

  test.concurrent('nothing is lost where the backend misbehaves', async () => {
    const chain = await Chain.start(collector, 4320)
    chain.backend.reset(mixture(SEED))
    await chain.runFieldseal('behind: fieldseal')
    await chain.runCollector('behind: collector')
    const endpoint = await chain.endpoint()
    // Each is a request of its own behind the Collector, which waits for 512 records.
    const many = { endpoint, records: 16 * 512, batch: 512, compression: 'gzip' } as const
    const sent = await javascriptExporter('protobuf').send(many)
    await untilAllHaveArrived(chain, many.records)
    await chain.end()
    expect([sent.code, sent.accepted.length]).toEqual([0, many.records])
    const arrived = arrivals(chain.backend.stored)
    expect(lost(sent.accepted, arrived)).toEqual([])
    expect([...chain.backend.counts.keys()].sort()).toEqual([...BEHAVIOURS].sort())
    const requests = [...chain.backend.counts.values()].reduce((sum, count) => sum + count, 0)
    console.log(
      `Collector, service, backend: ${requests} requests, ${arrived.duplicates} duplicates of ${many.records} records`,
    )
  })

  test.concurrent('nothing is lost where the service is down and the Collector is killed', async () => {
    const chain = await Chain.start(collector, 4320)
    const killed = await chain.runCollector('behind: collector')
    const sent = await javascriptExporter('protobuf').send({ endpoint: await chain.endpoint(), ...SENDING })
    expect([sent.code, sent.accepted.length]).toEqual([0, RECORDS])
    expect((await killed.stop('SIGKILL')).signal).toBe('SIGKILL')
    expect(chain.backend.stored).toEqual([])

    await chain.runCollector('behind: collector')
    await chain.runFieldseal('behind: fieldseal')
    await untilAllHaveArrived(chain)
    await chain.end()
    const arrived = arrivals(chain.backend.stored)
    expect(lost(sent.accepted, arrived)).toEqual([])
    console.log(`a Collector that was killed: ${arrived.duplicates} duplicates of ${RECORDS} records`)
  })
})
