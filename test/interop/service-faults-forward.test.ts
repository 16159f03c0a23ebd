import { type EventModes, FluentClient } from '@fluent-org/logger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrivals } from '../peers/arrivals.ts'
import { FaultyProxy } from '../peers/faulty-proxy.ts'
import { FORWARD_BEHAVIOURS, ForwardBackend } from '../peers/forward-backend.ts'
import { ForwardSender } from '../peers/forward-sender.ts'
import { FreePorts } from '../peers/free-ports.ts'
import { KilledBackend } from '../peers/killed-backend.ts'
import { mixtureOf } from '../peers/mixture.ts'
import { forwardRecord, numberedBatches } from '../peers/numbered.ts'
import {
  type Outcome,
  Recurring,
  type Repeated,
  type SendingOptions,
  sendRepeatedly,
} from '../peers/repeating-sender.ts'
import { expectAtLeastOnce, LEAVES_IT, REPEATS, report, ServiceUnderFaults } from './service-faults.ts'

const RECORDS = 1600
/** Sealed, a batch is larger than what is read of a socket at once: a connection can be lost amid it. */
const BATCH = 100
const CLIENTS = 4
const MODES: readonly EventModes[] = ['Message', 'Forward', 'PackedForward', 'CompressedPackedForward']
/** Milliseconds that a client waits which is not to send anything twice. */
const PATIENT = 120_000

const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)
const mixture = (seed: number) => mixtureOf(seed, FORWARD_BEHAVIOURS, 'acknowledge')
/** Where acknowledgements fail to come. */
const SOON = ', ack_timeout: 2s'
const sinkTo = (endpoint: string, retry: string, more = '') =>
  `type: forward, endpoints: ['${endpoint}'], ${retry}${more}`

/** Of all numbers, those that are sent. */
interface Sending extends Pick<SendingOptions, 'settled'> {
  readonly first?: number
  readonly last?: number
}

const batchesOf = ({ first = 0, last = RECORDS }: Sending) => numberedBatches(first, last, BATCH)

/** Sends by loggers of @fluent-org, each in a mode of its own, which ask for acknowledgements. */
async function sendByLoggers(port: number, sending: Sending & { ackTimeout?: number } = {}): Promise<Repeated> {
  const { ackTimeout = PATIENT } = sending
  const loggers = MODES.map((eventMode) => {
    const socket = { host: '127.0.0.1', port, timeout: -1, reconnect: { delay: 20, maxDelay: 200 } }
    return new FluentClient('peer', { eventMode, socket, ack: { ackTimeout } })
  })
  /** A logger passes on records one by one, and makes messages of them itself. */
  const attempt = async (numbers: readonly number[], client: number): Promise<Outcome> => {
    const logger = loggers[client]!
    const emitted = await Promise.allSettled(numbers.map((number) => logger.emit('log', forwardRecord(number))))
    return emitted.every(({ status }) => status === 'fulfilled') ? 'accepted' : 'not told'
  }
  try {
    return await sendRepeatedly(batchesOf(sending), { ...sending, clients: loggers.length, attempt })
  } finally {
    await Promise.all(loggers.map((logger) => logger.shutdown().catch(() => {})))
  }
}

/** Sends by clients that hear at once that a connection is lost. */
async function sendBySenders(port: number, sending: Sending = {}): Promise<Repeated> {
  const senders = Array.from({ length: CLIENTS }, () => new ForwardSender(port))
  const attempt = (numbers: readonly number[], client: number) => senders[client]!.send(numbers)
  const told = await sendRepeatedly(batchesOf(sending), { ...sending, clients: CLIENTS, attempt })
  for (const sender of senders) sender.close()
  return told
}

describe('Fluent Forward through a service that repeats', () => {
  let backend: ForwardBackend
  let service: ServiceUnderFaults
  beforeAll(async () => {
    backend = await ForwardBackend.start()
    service = await ServiceUnderFaults.start({ source: 'forward', sink: sinkTo(backend.endpoint, REPEATS, SOON) })
  })
  afterAll(async () => {
    await service.end()
    await backend.close()
  })

  test('where nothing fails, every record arrives once, whatever mode it is sent in', async () => {
    const told = await sendByLoggers(service.port)
    const arrived = arrivals(backend.stored)
    report('Forward, nothing fails', told, arrived, backend.counts)
    expect([...told.accepted].sort((a, b) => a - b)).toEqual(everyNumber)
    expect([...arrived.times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
    expect(arrived.duplicates).toBe(0)
  })

  test('bytes that are split anywhere, and come one after the other, are the same bytes', async () => {
    backend.reset(() => 'acknowledge-in-pieces')
    const proxy = await FaultyProxy.start(service.port, 20_261_129)
    const told = await sendByLoggers(proxy.port)
    await proxy.close()
    const arrived = arrivals(backend.stored)
    report(`Forward, in ${proxy.pieces} pieces`, told, arrived, backend.counts)
    expect([...arrived.times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
    expect([told.accepted.length, arrived.duplicates]).toEqual([RECORDS, 0])
    expect(proxy.pieces).toBeGreaterThan(RECORDS / 10)
  })

  test('clients that are lost amid a message, or before they read an acknowledgement, lose nothing', async () => {
    backend.reset(() => 'acknowledge')
    const proxy = await FaultyProxy.start(service.port, 20_261_132, (random) =>
      random.oneIn(2) ? { cutSent: random.below(20_000) } : { cutAnswered: random.below(60) },
    )
    const told = await sendBySenders(proxy.port)
    await proxy.close()
    const arrived = arrivals(backend.stored)
    const { sent, answered } = proxy.cuts
    report(`Forward, ${sent} clients lost amid a message, ${answered} before an ack`, told, arrived, backend.counts)
    expect(told.accepted).toHaveLength(RECORDS)
    expectAtLeastOnce(told, arrived)
    expect([sent > 0, answered > 0]).toEqual([true, true])
  })

  test('where a backend misbehaves, clients notice nothing, and nothing is lost', async () => {
    backend.reset(mixture(20_261_130))
    const told = await sendByLoggers(service.port)
    const arrived = arrivals(backend.stored)
    report('Forward, a backend that misbehaves, the service repeats', told, arrived, backend.counts)
    expect([...told.accepted].sort((a, b) => a - b)).toEqual(everyNumber)
    expect(Math.max(...told.sendings.values())).toBe(1)
    expectAtLeastOnce(told, arrived)
    expect([...backend.counts.keys()].sort()).toEqual([...FORWARD_BEHAVIOURS].sort())
    expect(arrived.duplicates).toBeGreaterThan(0)
  })
})

describe('Fluent Forward through the service', () => {
  test('where a backend misbehaves, and the clients repeat, nothing is lost', async () => {
    const backend = await ForwardBackend.start(mixture(20_261_131))
    const sink = sinkTo(backend.endpoint, LEAVES_IT, SOON)
    const service = await ServiceUnderFaults.start({ source: 'forward', sink })
    const told = await sendBySenders(service.port)
    await service.end()
    await backend.close()
    const arrived = arrivals(backend.stored)
    report('Forward, a backend that misbehaves, the clients repeat', told, arrived, backend.counts)
    expect(told.accepted).toHaveLength(RECORDS)
    expectAtLeastOnce(told, arrived)
    expect([...backend.counts.keys()].sort()).toEqual([...FORWARD_BEHAVIOURS].sort())
  })

  test('a backend that is killed, and comes back, has all that it has acknowledged', async () => {
    const backend = await KilledBackend.start('forward')
    const sink = sinkTo(`127.0.0.1:${backend.port}`, REPEATS, ', compression: gzip')
    const service = await ServiceUnderFaults.start({ source: 'forward', sink })
    const kills = new Recurring(6, () => backend.kill())
    const told = await sendBySenders(service.port, { settled: kills.settled })
    await service.end()
    const arrived = arrivals(await backend.end())
    report(`Forward, the backend killed ${kills.count} times`, told, arrived)
    expect(told.accepted).toHaveLength(RECORDS)
    expect(Math.max(...told.sendings.values())).toBe(1)
    expectAtLeastOnce(told, arrived)
    expect(kills.count).toBeGreaterThan(1)
  })

  test('a service that is killed, and comes back, loses nothing that it has acknowledged', async () => {
    const backend = await ForwardBackend.start(() => 'acknowledge-late')
    const port = await new FreePorts().next()
    const service = await ServiceUnderFaults.start({ source: 'forward', port, sink: sinkTo(backend.endpoint, REPEATS) })
    const kills = new Recurring(6, () => service.kill())
    const { settled } = kills
    const half = RECORDS / 2
    const told = await Promise.all([
      sendBySenders(port, { settled, last: half }),
      sendByLoggers(port, { settled, first: half, ackTimeout: 2000 }),
    ])
    await service.end()
    await backend.close()
    const arrived = arrivals(backend.stored)
    const accepted = told.flatMap((one) => one.accepted)
    const all = { accepted, refused: [], sendings: new Map(told.flatMap(({ sendings }) => [...sendings])) }
    report(`Forward, the service killed ${kills.count} times`, all, arrived, backend.counts)
    expect(told.map((one) => one.accepted.length)).toEqual([half, half])
    expectAtLeastOnce(all, arrived)
    expect(kills.count).toBeGreaterThan(1)
  })
})
