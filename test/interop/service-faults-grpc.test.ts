import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrivals } from '../peers/arrivals.ts'
import { describeEachGrpcExporter } from '../peers/exporters.ts'
import { FaultyGrpcBackend, FOR_GOOD, GRPC_BEHAVIOURS } from '../peers/faulty-grpc-backend.ts'
import { FaultyProxy } from '../peers/faulty-proxy.ts'
import { FreePorts } from '../peers/free-ports.ts'
import { GrpcSender } from '../peers/grpc-sender.ts'
import { KilledBackend } from '../peers/killed-backend.ts'
import { mixtureOf } from '../peers/mixture.ts'
import { numberedBatches } from '../peers/numbered.ts'
import { Recurring, type Repeated, type SendingOptions, sendRepeatedly } from '../peers/repeating-sender.ts'
import { expectAtLeastOnce, LEAVES_IT, REPEATS, report, ServiceUnderFaults } from './service-faults.ts'

/** Sealed, a batch is larger than what HTTP/2 sends before anybody has looked at it: a call can be ended amid it. */
const BATCH = 100
const RECORDS = 12 * BATCH
const CLIENTS = 4
/**
 * In this order the last answer of a deck is one that settles a batch, and there are ten of those, twelve with those that
 * settle it for good: as many batches see the whole deck.
 */
const SEED = 20_261_136

const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)
/** Where answers fail to come. */
const SOON = ', timeout: 2s'
const sinkTo = (endpoint: string, retry: string, more = '') =>
  `type: otlp_grpc, endpoint: '${endpoint}', ${retry}${more}`

/** Sends by clients that count how often they send. */
async function sendBySenders(address: string, options: Pick<SendingOptions, 'settled'> = {}): Promise<Repeated> {
  const senders = Array.from({ length: CLIENTS }, () => new GrpcSender(address))
  const attempt = (numbers: readonly number[], client: number) => senders[client]!.send(numbers)
  const told = await sendRepeatedly(numberedBatches(0, RECORDS, BATCH), { ...options, clients: CLIENTS, attempt })
  for (const sender of senders) sender.close()
  return told
}

describe('OTLP over gRPC through a service that repeats', () => {
  let backend: FaultyGrpcBackend
  let service: ServiceUnderFaults
  beforeAll(async () => {
    backend = await FaultyGrpcBackend.start()
    service = await ServiceUnderFaults.start({ source: 'otlp_grpc', sink: sinkTo(backend.endpoint, REPEATS, SOON) })
  })
  afterAll(async () => {
    await service.end()
    await backend.close()
  })

  test('bytes that are split anywhere, and come one after the other, are the same bytes', async () => {
    backend.reset(() => 'store')
    const proxy = await FaultyProxy.start(service.port, 20_261_133)
    const told = await sendBySenders(`127.0.0.1:${proxy.port}`)
    await proxy.close()
    const arrived = arrivals(backend.stored)
    report(`gRPC, in ${proxy.pieces} pieces`, told, arrived, backend.counts)
    expect([...arrived.times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
    expect([told.accepted.length, arrived.duplicates]).toEqual([RECORDS, 0])
    expect(proxy.pieces).toBeGreaterThan(RECORDS / 10)
  })

  test('clients that are lost amid a call, or before they read its answer, lose nothing', async () => {
    backend.reset(() => 'store')
    const proxy = await FaultyProxy.start(service.port, 20_261_134, (random) =>
      random.oneIn(2) ? { cutSent: random.below(20_000) } : { cutAnswered: random.below(300) },
    )
    const told = await sendBySenders(`127.0.0.1:${proxy.port}`)
    await proxy.close()
    const arrived = arrivals(backend.stored)
    const { sent, answered } = proxy.cuts
    report(`gRPC, ${sent} clients lost amid a call, ${answered} before an answer`, told, arrived, backend.counts)
    expect(told.accepted).toHaveLength(RECORDS)
    expectAtLeastOnce(told, arrived)
    expect([sent > 0, answered > 0]).toEqual([true, true])
  })

  describeEachGrpcExporter((exporter) => {
    test('where a backend misbehaves, it notices nothing but partial success, and nothing is lost', async () => {
      backend.reset(mixtureOf(SEED, GRPC_BEHAVIOURS, 'store'))
      const endpoint = `http://${service.address}`
      const told = await exporter.send({ endpoint, records: 10 * BATCH, batch: BATCH, compression: 'gzip' })
      const arrived = arrivals(backend.stored)
      report(`${exporter.name}, a backend that misbehaves, the service repeats`, told, arrived, backend.counts)
      const noticed = exporter.partialSuccessFails ? BATCH * (backend.counts.get('store-part') ?? 0) : 0
      expect(told.refused.length).toBeLessThanOrEqual(noticed)
      expect(told.accepted.length + told.refused.length).toBe(10 * BATCH)
      expectAtLeastOnce(told, arrived)
      expect([...backend.counts.keys()].sort()).toEqual([...GRPC_BEHAVIOURS].sort())
      expect(arrived.duplicates).toBeGreaterThan(0)
      expect(arrived.rejected.size).toBeGreaterThan(0)
    })
  })
})

describe('OTLP over gRPC through the service', () => {
  test('where a backend misbehaves, and the clients repeat, nothing is lost', async () => {
    const behaviours = [...GRPC_BEHAVIOURS, ...FOR_GOOD]
    const backend = await FaultyGrpcBackend.start(mixtureOf(SEED, behaviours, 'store'))
    const sink = sinkTo(backend.endpoint, LEAVES_IT, SOON)
    const service = await ServiceUnderFaults.start({ source: 'otlp_grpc', sink })
    const told = await sendBySenders(service.address)
    await service.end()
    await backend.close()
    const arrived = arrivals(backend.stored)
    report('gRPC, a backend that misbehaves, the clients repeat', told, arrived, backend.counts)
    expect(told.accepted.length + told.refused.length).toBe(RECORDS)
    // What the backend refuses for good is not sent again, unless the connection is lost on which it says so.
    const refusals = FOR_GOOD.reduce((sum, one) => sum + (backend.counts.get(one) ?? 0), 0)
    expect(told.refused.length).toBeGreaterThan(0)
    expect(told.refused.length).toBeLessThanOrEqual(refusals * BATCH)
    const stored = told.refused.filter((number) => arrived.times.has(number))
    expect(stored.filter((number) => told.sendings.get(number) === 1)).toEqual([])
    expectAtLeastOnce(told, arrived)
    expect([...backend.counts.keys()].sort()).toEqual([...behaviours].sort())
  })

  test('a backend that is killed, and comes back, has all that it has acknowledged', async () => {
    const backend = await KilledBackend.start('grpc')
    const sink = sinkTo(`http://127.0.0.1:${backend.port}`, REPEATS, ', compression: gzip')
    const service = await ServiceUnderFaults.start({ source: 'otlp_grpc', sink })
    const kills = new Recurring(4, () => backend.kill())
    const told = await sendBySenders(service.address, { settled: kills.settled })
    await service.end()
    const arrived = arrivals(await backend.end())
    report(`gRPC, the backend killed ${kills.count} times`, told, arrived)
    expect(told.accepted).toHaveLength(RECORDS)
    expect(Math.max(...told.sendings.values())).toBe(1)
    expectAtLeastOnce(told, arrived)
    expect(kills.count).toBeGreaterThan(1)
  })

  test('a service that is killed, and comes back, loses nothing that it has acknowledged', async () => {
    const backend = await FaultyGrpcBackend.start(() => 'store-late')
    const port = await new FreePorts().next()
    const sink = sinkTo(backend.endpoint, REPEATS)
    const service = await ServiceUnderFaults.start({ source: 'otlp_grpc', port, sink })
    const kills = new Recurring(4, () => service.kill())
    const told = await sendBySenders(service.address, { settled: kills.settled })
    await service.end()
    await backend.close()
    const arrived = arrivals(backend.stored)
    report(`gRPC, the service killed ${kills.count} times`, told, arrived, backend.counts)
    expect(told.accepted).toHaveLength(RECORDS)
    expectAtLeastOnce(told, arrived)
    expect(kills.count).toBeGreaterThan(1)
  })
})
