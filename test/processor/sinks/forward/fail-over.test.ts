import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { RawPeer } from '../otlp-http/peers.ts'
import { sinkContext } from '../suite.ts'
import { ACCEPTED, endpointOf, logsOf, ONCE, packedBatch, QUICK, startedSink } from './fixtures.ts'
import { acknowledge, type Behave, FluentServer } from './server.ts'

let servers: FluentServer[] = []
let sink: Sink

afterEach(async () => {
  await sink.close()
  await Promise.all(servers.map((server) => server.close()))
})

async function listen(count: number): Promise<string[]> {
  servers = await Promise.all(Array.from({ length: count }, () => FluentServer.listen()))
  return servers.map(({ endpoint }) => endpoint)
}

const counts = () => servers.map(({ received }) => received.length)
const arrived = () => servers.flatMap(({ received }) => received.flatMap(({ entries }) => logsOf(entries)))

async function sendInTurn(count: number, offset = 0): Promise<void> {
  for (let index = 0; index < count; index += 1)
    expect(await sink.send(packedBatch(`${offset + index}`))).toEqual(ACCEPTED)
}

describe('round_robin', () => {
  test('gives each endpoint its turn', async () => {
    sink = await startedSink(await listen(3))
    await sendInTurn(9)
    expect(counts()).toEqual([3, 3, 3])
  })

  test('passes by an endpoint that is away: the log says so, and that it is back, and the sink is healthy', async () => {
    const context = sinkContext()
    sink = await startedSink(await listen(3), {}, context)
    const { port, endpoint } = servers[1]!
    await servers[1]!.close()
    await sendInTurn(20)
    expect(counts()[1]).toBe(0)
    expect(arrived()).toHaveLength(20)
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
    const message = `endpoint ${endpoint} of sink backend cannot be reached`
    const fields = { sink: 'backend', endpoint, code: 'FIELDSEAL_SINK_UNAVAILABLE', hint: expect.any(String) }
    expect(context.lines).toEqual([{ event: 'endpoint-failed', message, fields }])
    servers[1] = await FluentServer.listen({}, port)
    await delay(20)
    await sendInTurn(3)
    expect(context.lines.map(({ event }) => event)).toEqual(['endpoint-failed', 'endpoint-recovered'])
  })

  test('leaves an endpoint that is away alone for longer each time, and asks it again', async () => {
    const [first] = await listen(1)
    const away = await RawPeer.listen((socket) => socket.destroy())
    const retry = { first: '40ms', longest: '10s', give_up: '5s' }
    sink = await startedSink([endpointOf(away), first!], { retry })
    const until = performance.now() + 1000
    for (let index = 0; performance.now() < until; index += 1) {
      expect(await sink.send(packedBatch(`${index}`))).toEqual(ACCEPTED)
      await delay(1)
    }
    // After 20 to 40, 40 to 80, 80 to 160 ms and so on.
    expect(away.sockets.length).toBeGreaterThanOrEqual(4)
    expect(away.sockets.length).toBeLessThanOrEqual(7)
    await away.close()
  })

  test('tries an endpoint that has failed with one batch, and gives it its share once it has taken it', async () => {
    const [one, other] = await listen(2)
    const { port } = servers[0]!
    await servers[0]!.close()
    sink = await startedSink([one!, other!], { retry: { first: '10ms', longest: '10ms', give_up: '5s' } })
    await sendInTurn(4)
    let held: (() => void) | undefined
    servers[0] = await FluentServer.listen({}, port)
    servers[0].behave = (_received, _socket, ack) => {
      held = ack
    }
    await delay(20)
    const sends = Array.from({ length: 10 }, (_, index) => sink.send(packedBatch(`probe ${index}`)))
    while (held === undefined || servers[1]!.received.length < 13) await delay(1)
    expect(servers[0].received).toHaveLength(1)
    servers[0].behave = acknowledge
    held()
    expect(await Promise.all(sends)).toEqual(Array(10).fill(ACCEPTED))
    await sendInTurn(4)
    expect(servers[0].received).toHaveLength(3)
  })
})

describe('first', () => {
  test('sends everything to the first endpoint, however busy it is', async () => {
    sink = await startedSink(await listen(3), { distribution: 'first', chunks: 2 })
    const sends = Array.from({ length: 30 }, (_, index) => sink.send(packedBatch(`${index}`)))
    expect(await Promise.all(sends)).toEqual(Array(30).fill(ACCEPTED))
    expect(counts()).toEqual([30, 0, 0])
  })

  test('sends to the second while the first is away, and to the first when it is back', async () => {
    sink = await startedSink(await listen(3), { distribution: 'first' })
    const { port } = servers[0]!
    await servers[0]!.close()
    await sendInTurn(5)
    expect(counts()).toEqual([0, 5, 0])
    servers[0] = await FluentServer.listen({}, port)
    await delay(20)
    await sendInTurn(5)
    expect(counts()).toEqual([5, 5, 0])
  })
})

test('where no endpoint is there, each is asked, and the batch is refused in time', async () => {
  const context = sinkContext()
  const peers = await Promise.all([0, 1, 2].map(() => RawPeer.listen((socket) => socket.destroy())))
  sink = await startedSink(peers.map(endpointOf), { retry: ONCE }, context)
  const settlement = await sink.send(packedBatch('a'))
  expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
  // `give_up: 0s` is each of them once.
  expect(peers.map(({ sockets }) => sockets.length)).toEqual([1, 1, 1])
  expect(sink.status()).toEqual({ healthy: false, sending: 0, lastError: 'FIELDSEAL_SINK_UNAVAILABLE' })
  const events = context.lines.map(({ event }) => event)
  expect(events).toEqual(['endpoint-failed', 'endpoint-failed', 'endpoint-failed', 'sink-failed'])
  await Promise.all(peers.map((peer) => peer.close()))
})

test('an endpoint that cannot be mended by waiting does not keep batches from the others', async () => {
  const [works] = await listen(1)
  const locked = await FluentServer.listen({ security: { key: 'secret' } })
  servers.push(locked)
  sink = await startedSink([locked.endpoint, works!])
  const sends = Array.from({ length: 40 }, (_, index) => sink.send(packedBatch(`${index}`)))
  expect(await Promise.all(sends)).toEqual(Array(40).fill(ACCEPTED))
  expect(new Set(arrived()).size).toBe(40)
})

test('many that wait while nothing is there are refused when their time is up, or sent once something is', async () => {
  const [one, other] = await listen(2)
  const ports = servers.map(({ port }) => port)
  await Promise.all(servers.map((server) => server.close()))
  sink = await startedSink([one!, other!], { retry: { ...QUICK, give_up: '200ms' } })
  const early = Array.from({ length: 300 }, (_, index) => sink.send(packedBatch(`early ${index}`)))
  expect(new Set((await Promise.all(early)).map(({ outcome }) => outcome))).toEqual(new Set(['refused']))
  const late = Array.from({ length: 300 }, (_, index) => sink.send(packedBatch(`late ${index}`)))
  servers[1] = await FluentServer.listen({}, ports[1])
  expect(await Promise.all(late)).toEqual(Array(300).fill(ACCEPTED))
  expect(new Set(arrived()).size).toBe(300)
})

/** What a server can do with a message. */
const MOODS: Readonly<Record<string, Behave>> = {
  'takes it': acknowledge,
  'takes it, and says so twice': (_received, _socket, ack) => {
    ack()
    ack()
  },
  'takes it late': (_received, _socket, ack) => setTimeout(ack, 5),
  'takes it too late': (_received, _socket, ack) => setTimeout(ack, 150),
  'takes it, and says nothing': () => {},
  'takes it, and closes': (_received, socket, ack) => {
    ack()
    socket.end()
  },
  closes: (_received, socket) => socket.end(),
  resets: (_received, socket) => socket.resetAndDestroy(),
  'talks nonsense': (_received, socket) => socket.write('nonsense'),
}

test('under load, with three endpoints that fail in every way, nothing that is acknowledged is lost', async () => {
  const course = fc.array(fc.constantFrom(...Object.keys(MOODS)), { minLength: 1, maxLength: 30 })
  const options = fc.record({
    distribution: fc.constantFrom('round_robin', 'first'),
    compression: fc.constantFrom('none', 'gzip'),
    chunks: fc.constantFrom(1, 4, 16),
  })
  const total = { sent: 0, accepted: 0, arrived: 0 }
  await fc.assert(
    fc.asyncProperty(course, options, async (moods, given) => {
      const endpoints = await listen(3)
      let turn = 0
      for (const server of servers) {
        server.behave = (received, socket, ack) => {
          MOODS[moods[turn % moods.length]!]!(received, socket, ack)
          turn += 1
        }
      }
      const retry = { first: '10ms', longest: '20ms', give_up: '150ms' }
      sink = await startedSink(endpoints, { ...given, ack_timeout: '100ms', retry })
      const sent = Array.from({ length: 40 }, (_, index) => `${index}:${'é'.repeat(index * 500)}`)
      const settlements = await Promise.all(
        sent.map(async (text) => {
          const batch = packedBatch(text)
          const settlement = await sink.send(batch)
          if (settlement.outcome === 'accepted') batch.bytes.fill(0)
          return settlement
        }),
      )
      expect(sink.status().sending).toBe(0)
      await sink.close()
      await Promise.all(servers.map((server) => server.close()))
      const taken = arrived()
      const known = new Set(taken)
      for (const [index, { outcome }] of settlements.entries())
        if (outcome === 'accepted') expect(known.has(sent[index]!)).toBe(true)
      expect([...known].every((text) => sent.includes(text))).toBe(true)
      total.sent += sent.length
      total.accepted += settlements.filter(({ outcome }) => outcome === 'accepted').length
      total.arrived += taken.length
    }),
    { numRuns: 20 },
  )
  expect(total.accepted).toBeGreaterThan(0)
  expect(total.arrived).toBeGreaterThanOrEqual(total.accepted)
})

test('while endpoints go and come, everything arrives: each sequence number, and few of them twice', async () => {
  const endpoints = await listen(3)
  const ports = servers.map(({ port }) => port)
  const gone: FluentServer[] = []
  const context = sinkContext()
  sink = await startedSink(endpoints, { retry: { ...QUICK, give_up: '30s' } }, context)
  let next = 0
  const texts: string[] = []
  const sender = async (): Promise<void> => {
    while (next < 1500) {
      const text = `${next}`
      next += 1
      texts.push(text)
      expect(await sink.send(packedBatch(text))).toEqual(ACCEPTED)
    }
  }
  const senders = Promise.all(Array.from({ length: 32 }, sender))
  for (let round = 0; next < 1500; round += 1) {
    const index = round % 3
    // In the middle of what it was about to acknowledge.
    await servers[index]!.close()
    gone.push(servers[index]!)
    await delay(15)
    servers[index] = await FluentServer.listen({}, ports[index])
    await delay(15)
  }
  await senders
  servers.push(...gone)
  const taken = arrived()
  expect(new Set(taken)).toEqual(new Set(texts))
  expect(gone.length).toBeGreaterThan(3)
  // A connection that is lost may have had so many under way, each of which is sent once more.
  expect(taken.length - texts.length).toBeLessThanOrEqual(16 * gone.length)
})

test('a connection that is lost in the middle of many batches loses none, and others get them', async () => {
  const [works] = await listen(1)
  const cut: Socket[] = []
  const peer = await RawPeer.listen((socket) => {
    let bytes = 0
    socket.on('data', (data) => {
      bytes += data.length
      if (bytes > 300_000) cut.push(socket.resetAndDestroy())
    })
  })
  sink = await startedSink([endpointOf(peer), works!])
  const texts = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(50_000)}`)
  const settlements = await Promise.all(texts.map((text) => sink.send(packedBatch(text))))
  expect(settlements).toEqual(Array(40).fill(ACCEPTED))
  expect(new Set(arrived())).toEqual(new Set(texts))
  expect(cut.length).toBeGreaterThan(0)
  await peer.close()
})
