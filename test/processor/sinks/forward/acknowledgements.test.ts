import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { encode } from '@msgpack/msgpack'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { RawPeer } from '../otlp-http/peers.ts'
import { sinkContext } from '../suite.ts'
import { ACCEPTED, endpointOf, logsOf, ONCE, packedBatch, QUICK, startedSink } from './fixtures.ts'
import { acknowledge, FluentServer } from './server.ts'

const LATE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }

let server: FluentServer
let sink: Sink

beforeEach(async () => {
  server = await FluentServer.listen()
})

afterEach(async () => {
  await sink.close()
  await server.close()
})

const chunksOf = () => server.received.map(({ option }) => option.chunk)
const connectionsOf = () => new Set(server.received.map(({ connection }) => connection)).size
const texts = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

async function sendAll(logs: readonly string[]) {
  return await Promise.all(logs.map((log) => sink.send(packedBatch(log))))
}

async function expectAllOnce(count: number, given = {}): Promise<void> {
  const context = sinkContext()
  sink = await startedSink([server.endpoint], given, context)
  expect(await sendAll(texts(count))).toEqual(Array(count).fill(ACCEPTED))
  expect(server.received.flatMap(({ entries }) => logsOf(entries)).sort()).toEqual(texts(count).sort())
  expect(connectionsOf()).toBe(1)
  expect(context.lines).toEqual([])
}

describe('an acknowledgement', () => {
  test('can come in pieces of one byte', async () => {
    server.behave = ({ option }, socket) => {
      for (const byte of encode({ ack: option.chunk })) socket.write(Buffer.of(byte))
    }
    await expectAllOnce(20)
  })

  test('can come twice', async () => {
    server.behave = (_received, _socket, ack) => {
      ack()
      ack()
    }
    await expectAllOnce(200)
  })

  test('can come as bytes', async () => {
    server.behave = ({ option }, socket) => socket.write(encode({ ack: Buffer.from(option.chunk as string) }))
    await expectAllOnce(3)
  })

  test('can have company', async () => {
    server.behave = ({ option }, socket) => socket.write(encode({ id: 7, ack: option.chunk, took: 0.5 }))
    await expectAllOnce(3)
  })

  test('can come in any order, and together with others', async () => {
    const held: unknown[] = []
    server.behave = ({ option }, socket) => {
      held.unshift(option.chunk)
      if (held.length === 16) socket.write(Buffer.concat(held.splice(0).map((ack) => encode({ ack }))))
    }
    await expectAllOnce(64)
  })

  test('is waited for by so many at a time, and no more', async () => {
    let most = 0
    const held: (() => void)[] = []
    server.behave = (_received, _socket, ack) => {
      most = Math.max(most, held.push(ack))
      if (held.length > 1) return
      setTimeout(() => {
        for (const one of held.splice(0)) one()
      }, 5)
    }
    await expectAllOnce(40, { chunks: 4 })
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('that comes too late is no longer needed: the same chunk was sent again, over another connection', async () => {
    const context = sinkContext()
    sink = await startedSink([server.endpoint], { ack_timeout: '100ms' }, context)
    let late: (() => void) | undefined
    server.behave = (_received, _socket, ack) => {
      if (late === undefined) {
        late = ack
      } else {
        late()
        ack()
      }
    }
    expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
    expect(new Set(chunksOf()).size).toBe(1)
    expect(server.received.map(({ connection }) => connection)).toEqual([0, 1])
    expect(await sink.send(packedBatch('b'))).toEqual(ACCEPTED)
    expect(sink.status().healthy).toBe(true)
    expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed', 'sink-recovered'])
  })

  test('that comes too late does not cost those their place that come in time', async () => {
    sink = await startedSink([server.endpoint], { ack_timeout: '300ms' })
    server.behave = ({ entries, connection }, _socket, ack) => {
      const [log] = logsOf(entries)
      if (log === 'a' && connection === 0) return
      if (log === 'b') setTimeout(ack, 200)
      else ack()
    }
    const first = sink.send(packedBatch('a'))
    await delay(200)
    // Its time is not up when that of the first one is.
    const second = sink.send(packedBatch('b'))
    expect(await Promise.all([first, second])).toEqual([ACCEPTED, ACCEPTED])
    expect(server.received.flatMap(({ entries }) => logsOf(entries))).toEqual(['a', 'b', 'a'])
  })

  test('that never comes is not waited for', async () => {
    server.behave = () => {}
    sink = await startedSink([server.endpoint], { ack_timeout: '100ms', retry: { ...QUICK, give_up: '250ms' } })
    const settlement = await sink.send(packedBatch('a'))
    expect(settlement).toMatchObject({
      ...LATE,
      error: { message: `endpoint ${server.endpoint} of sink backend did not acknowledge in time` },
    })
    expect(server.received.length).toBeGreaterThan(1)
    expect(new Set(chunksOf()).size).toBe(1)
    expect(sink.status()).toEqual({ healthy: false, sending: 0, lastError: 'FIELDSEAL_SINK_UNAVAILABLE' })
  })

  test('of another chunk is none', async () => {
    server.behave = (_received, socket) => socket.write(encode({ ack: 'AAAAAAAAAAAAAAAAAAAAAA==' }))
    sink = await startedSink([server.endpoint], { ack_timeout: '100ms', retry: ONCE })
    expect(await sink.send(packedBatch('a'))).toMatchObject(LATE)
  })
})

describe('a server', () => {
  test('that closes while nothing is under way is no failure', async () => {
    const context = sinkContext()
    sink = await startedSink([server.endpoint], {}, context)
    for (const log of texts(5)) {
      expect(await sink.send(packedBatch(log))).toEqual(ACCEPTED)
      const socket = server.sockets.at(-1)!
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    }
    expect(server.sockets).toHaveLength(5)
    expect(server.received).toHaveLength(5)
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
    expect(context.lines).toEqual([])
  })

  test('that closes after each acknowledgement gets one batch at a time', async () => {
    server.behave = (_received, socket, ack) => {
      ack()
      socket.end()
    }
    sink = await startedSink([server.endpoint], { chunks: 1 })
    expect(await sendAll(texts(20))).toEqual(Array(20).fill(ACCEPTED))
  })

  test('that closes before it acknowledges is sent the same chunk again', async () => {
    let lost = 3
    server.behave = (received, socket, ack) => {
      lost -= 1
      if (lost >= 0) socket.destroy()
      else acknowledge(received, socket, ack)
    }
    sink = await startedSink([server.endpoint])
    expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
    expect(server.received).toHaveLength(4)
    expect(new Set(chunksOf()).size).toBe(1)
  })

  test('that closes a connection that has served is asked again at once, and only once', async () => {
    const context = sinkContext()
    sink = await startedSink([server.endpoint], { retry: { first: '1m', longest: '1m', give_up: '5s' } }, context)
    expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
    server.behave = ({ connection }, socket, ack) => (connection === 0 ? socket.destroy() : ack())
    expect(await sink.send(packedBatch('b'))).toEqual(ACCEPTED)
    expect(context.lines).toEqual([])
    server.behave = ({ connection, entries }, socket, ack) => {
      if (connection === 2 && logsOf(entries)[0] === 'warm') ack()
      else socket.destroy()
    }
    // Lost over the second and the third: this is no longer a matter of idleness.
    expect(await sink.send(packedBatch('c'))).toMatchObject({ outcome: 'refused' })
    expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed'])
  })

  test('that dies in the middle of a batch is sent all of it again', async () => {
    const whole = 'x'.repeat(4_000_000)
    let dead = 0
    const peer = await RawPeer.listen((socket, connection) => {
      if (connection >= 2) return
      socket.once('data', () => {
        dead += 1
        if (connection === 0) socket.resetAndDestroy()
        else socket.end()
      })
    })
    sink = await startedSink([endpointOf(peer), server.endpoint], { distribution: 'first' })
    expect(await sink.send(packedBatch(whole))).toEqual(ACCEPTED)
    expect(logsOf(server.received[0]!.entries)).toEqual([whole])
    await peer.close()
    expect(dead).toBe(1)
  })

  test('that reads nothing does not get more than its time', async () => {
    const peer = await RawPeer.listen((socket) => socket.pause())
    sink = await startedSink([endpointOf(peer)], { ack_timeout: '200ms', retry: ONCE })
    expect(await sink.send(packedBatch('x'.repeat(16_000_000)))).toMatchObject({
      ...LATE,
      error: { message: `endpoint ${endpointOf(peer)} of sink backend did not take the batch in time` },
    })
    await peer.close()
  })

  test('that refuses connections is asked again until it takes them', async () => {
    const { port, endpoint } = server
    await server.close()
    sink = await startedSink([endpoint])
    const sent = sink.send(packedBatch('a'))
    await delay(50)
    server = await FluentServer.listen({}, port)
    expect(await sent).toEqual(ACCEPTED)
  })
})

describe('without acknowledgements', () => {
  test('a batch is accepted once it is written, and what was accepted is on its way when the sink is closed', async () => {
    sink = await startedSink([server.endpoint], { require_ack: false })
    const logs = texts(60).map((text) => `${text}:${'x'.repeat(200_000)}`)
    expect(await sendAll(logs)).toEqual(Array(60).fill(ACCEPTED))
    await sink.close()
    while (server.received.length < 60) await delay(5)
    expect(server.received.flatMap(({ entries }) => logsOf(entries)).sort()).toEqual(logs.sort())
    expect(chunksOf()).toEqual(Array(60).fill(undefined))
  })

  test('a server that acknowledges all the same does no harm', async () => {
    sink = await startedSink([server.endpoint], { require_ack: false })
    server.behave = (_received, socket) => socket.write(encode({ ack: 'whatever' }))
    for (const log of texts(30)) expect(await sink.send(packedBatch(log))).toEqual(ACCEPTED)
    while (server.received.length < 30) await delay(5)
    expect(connectionsOf()).toBe(1)
  })

  test('what a server does not take is not accepted', async () => {
    const peer = await RawPeer.listen((socket) => socket.pause())
    sink = await startedSink([endpointOf(peer)], { require_ack: false, ack_timeout: '200ms', retry: ONCE })
    expect(await sink.send(packedBatch('x'.repeat(16_000_000)))).toMatchObject(LATE)
    await peer.close()
  })
})

describe('a batch for which nobody waits any more', () => {
  test('is not sent where it has to wait, and does not wait on', async () => {
    const held: (() => void)[] = []
    server.behave = (_received, _socket, ack) => held.push(ack)
    sink = await startedSink([server.endpoint], { chunks: 1 })
    const first = sink.send(packedBatch('a'))
    const client = new AbortController()
    const second = sink.send(packedBatch('b', client.signal))
    client.abort()
    expect(await second).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
    while (held.length === 0) await delay(1)
    held[0]!()
    expect(await first).toEqual(ACCEPTED)
    expect(server.received).toHaveLength(1)
  })

  test('is not sent again', async () => {
    const client = new AbortController()
    server.behave = (_received, socket) => {
      client.abort()
      socket.destroy()
    }
    sink = await startedSink([server.endpoint])
    expect(await sink.send(packedBatch('a', client.signal))).toMatchObject({ outcome: 'refused' })
    expect(server.received).toHaveLength(1)
  })
})

test('once a batch is accepted its bytes are free, whatever became of connections that it was written to', async () => {
  let turn = 0
  const arrived: string[] = []
  const later: Socket[] = []
  server.behave = ({ entries }, socket, ack) => {
    arrived.push(...logsOf(entries))
    turn += 1
    if (turn % 3 === 1) socket.destroy()
    else if (turn % 7 === 2) later.push(socket)
    else ack()
  }
  sink = await startedSink([server.endpoint], { ack_timeout: '100ms', retry: QUICK, chunks: 4 })
  const sent = texts(60).map((text) => `${text}:${text.repeat(50_000)}`)
  await Promise.all(
    sent.map(async (log) => {
      const batch = packedBatch(log)
      expect(await sink.send(batch)).toEqual(ACCEPTED)
      const { buffer } = batch.bytes
      // What would still be read of it would be zeros, or other records.
      batch.bytes.fill(0)
      if (buffer instanceof ArrayBuffer) buffer.transfer(0)
    }),
  )
  expect(new Set(arrived)).toEqual(new Set(sent))
  expect(later.length).toBeGreaterThan(0)
})
