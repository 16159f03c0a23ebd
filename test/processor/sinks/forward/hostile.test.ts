import type { Socket } from 'node:net'
import { ExtData, encode } from '@msgpack/msgpack'
import { afterEach, describe, expect, test } from 'vitest'
import type { Settlement } from '../../../../processor/pipeline/settlement.ts'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { RawPeer } from '../otlp-http/peers.ts'
import { sinkContext } from '../suite.ts'
import { ACCEPTED, endpointOf, type Given, ONCE, packedBatch, QUICK, startedSink } from './fixtures.ts'
import { FluentServer } from './server.ts'

const SHORT = { retry: ONCE, ack_timeout: '150ms', connect_timeout: '150ms' }
/** Time for gigabytes. */
const PATIENT = { retry: ONCE, ack_timeout: '10s' }

let peer: RawPeer
let sink: Sink

afterEach(async () => {
  await sink.close()
  await peer.close()
})

/** Sends one batch to a peer that does as it is told once anything of it has come. */
async function sendTo(behave: (socket: Socket) => void, given: Given = SHORT): Promise<Settlement> {
  peer = await RawPeer.listen((socket) => {
    socket.once('data', () => {
      socket.resume()
      behave(socket)
    })
  })
  sink = await startedSink([endpointOf(peer)], given)
  return sink.send(packedBatch('canary-record'))
}

const refusedWith = (message: string) => ({
  outcome: 'refused',
  error: {
    code: 'FIELDSEAL_SINK_UNAVAILABLE',
    message: `endpoint ${endpointOf(peer)} of sink backend ${message}`,
  },
})

/** Writes as much as the other side takes, for as long as it does. @returns how many bytes were taken in the end. */
function flood(socket: Socket, first: Uint8Array, piece: Uint8Array): Promise<number> {
  socket.write(first)
  const pour = (): void => {
    while (!socket.destroyed && socket.write(piece)) {}
  }
  socket.on('drain', pour)
  pour()
  return new Promise((resolve) => socket.on('close', () => resolve(socket.bytesWritten)))
}

/** What can be on its way in the buffers of the system, with room to spare: gigabytes it is not. */
const BUFFERS = 32 * 1024 * 1024

const bytes = (...parts: (number | string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as string))))

const ACK = bytes(0x81, 0xa3, 'ack')
const MEBIBYTE = Buffer.alloc(1024 * 1024, 0x61)

const GARBLED = 'did not answer in the Forward protocol'

describe('a server that answers without end', () => {
  test.each<[string, Uint8Array, Uint8Array]>([
    ['an acknowledgement of gigabytes', bytes(ACK, 0xdb, 0xff, 0xff, 0xff, 0xff), MEBIBYTE],
    ['bytes of gigabytes', bytes(ACK, 0xc6, 0x7f, 0xff, 0xff, 0xff), MEBIBYTE],
    ['an extension of gigabytes', bytes(0xc9, 0x7f, 0xff, 0xff, 0xff, 0), MEBIBYTE],
    ['a text of 64 KiB', bytes(ACK, 0xda, 0xff, 0xff), MEBIBYTE],
    ['a key of gigabytes', bytes(0x81, 0xdb, 0x7f, 0xff, 0xff, 0xff), MEBIBYTE],
    ['arrays that claim billions', bytes(0xdd, 0xff, 0xff, 0xff, 0xff), Buffer.alloc(65_535, 0xc0)],
    ['a map that claims billions', bytes(0xdf, 0xff, 0xff, 0xff, 0xff), Buffer.alloc(65_535, 0xc0)],
    ['arrays in arrays', Buffer.alloc(0), Buffer.alloc(65_536, 0x91)],
    ['arrays in arrays that claim 65535', Buffer.alloc(0), Buffer.alloc(65_535, bytes(0xdc, 0xff, 0xff))],
    ['maps in maps', Buffer.alloc(0), Buffer.alloc(65_536, bytes(0x81, 0xa1, 'a'))],
    ['acknowledgements within acknowledgements', Buffer.alloc(0), bytes(...Array(1000).fill(ACK))],
    ['nothings', Buffer.alloc(0), Buffer.alloc(65_536, 0xc0)],
    ['text', Buffer.alloc(0), Buffer.from('HTTP/1.1 400 Bad Request\r\n'.repeat(1000))],
  ])('%s: is not read on', async (_, first, piece) => {
    let taken: Promise<number> | undefined
    const settlement = await sendTo((socket) => {
      taken = flood(socket, first, piece)
    }, PATIENT)
    expect(settlement).toMatchObject(refusedWith(GARBLED))
    expect(await taken).toBeLessThan(BUFFERS)
    expect(sink.status()).toMatchObject({ healthy: false, sending: 0 })
  })

  test('acknowledges what it was not sent: some of that is borne, and no flood', async () => {
    let taken: Promise<number> | undefined
    const unknown = Buffer.concat(Array.from({ length: 2000 }, (_, index) => encode({ ack: `${index}` })))
    const settlement = await sendTo((socket) => {
      taken = flood(socket, Buffer.alloc(0), unknown)
    }, PATIENT)
    expect(settlement).toMatchObject(refusedWith('acknowledges what it was not sent'))
    expect(await taken).toBeLessThan(BUFFERS)
  })

  test('while nothing is under way: the connection is closed, and the next batch goes over another one', async () => {
    peer = await RawPeer.listen(() => {})
    const server = await FluentServer.listen()
    sink = await startedSink([server.endpoint])
    expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
    expect(await flood(server.sockets[0]!, bytes(ACK, 0xdb, 0xff, 0xff, 0xff, 0xff), MEBIBYTE)).toBeLessThan(BUFFERS)
    expect(await sink.send(packedBatch('b'))).toEqual(ACCEPTED)
    expect(server.sockets).toHaveLength(2)
    await server.close()
  })

  test('where no acknowledgement is wanted', async () => {
    const server = await FluentServer.listen()
    peer = await RawPeer.listen(() => {})
    sink = await startedSink([server.endpoint], { require_ack: false })
    server.behave = () => {}
    expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
    while (server.received.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await flood(server.sockets[0]!, Buffer.alloc(0), MEBIBYTE)).toBeLessThan(BUFFERS)
    expect(sink.status()).toMatchObject({ healthy: false })
    await server.close()
  })
})

describe('a server that says something else', () => {
  test.each<[string, Uint8Array]>([
    ['nil', encode(null)],
    ['a number', encode(1)],
    ['a text', encode('ack')],
    ['an array', encode(['ack', 'x'])],
    ['an extension', encode(new ExtData(0, new Uint8Array(8)))],
    ['an empty map', encode({})],
    ['an acknowledgement of nothing', encode({ ack: null })],
    ['an acknowledgement of a number', encode({ ack: 5 })],
    ['an acknowledgement of a map', encode({ ack: { ack: 'x' } })],
    ['an acknowledgement by another name', encode({ Ack: 'x' })],
    ['the type that is none', Buffer.of(0xc1)],
    ['the type that is none, inside', bytes(ACK, 0xc1)],
    // Refused by its header: it is not waited for.
    ['an acknowledgement that would have 2 KiB', bytes(ACK, 0xda, 0x08, 0x00)],
    ['HTTP', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['PONG', encode(['PONG', true, '', 'receiver', ''])],
    ['a PING', encode(['PING', 'a', 'b', 'c', '', ''])],
  ])('%s has not taken the batch', async (_, answer) => {
    const settlement = await sendTo((socket) => socket.write(answer))
    expect(settlement).toMatchObject(refusedWith(GARBLED))
  })

  test('and then what is right has been taken', async () => {
    peer = await RawPeer.listen(() => {})
    const server = await FluentServer.listen()
    server.behave = (_received, socket, ack) => {
      for (let i = 0; i < 64; i += 1) socket.write(encode({ ack: `unknown ${i}` }))
      ack()
    }
    sink = await startedSink([server.endpoint])
    for (const text of ['a', 'b', 'c']) expect(await sink.send(packedBatch(text))).toEqual(ACCEPTED)
    expect(server.sockets).toHaveLength(1)
    await server.close()
  })

  test('that it wants a handshake: without a shared key that is not tried again', async () => {
    const helo = encode(['HELO', { nonce: new Uint8Array(16), auth: '', keepalive: true }])
    const settlement = await sendTo((socket) => socket.write(helo), { ...SHORT, retry: QUICK })
    expect(settlement).toMatchObject(refusedWith('wants a handshake, and the sink has no shared key'))
    expect(peer.sockets).toHaveLength(1)
  })

  test('that it wants a handshake, where no acknowledgement is wanted: the next batch is not sent there', async () => {
    peer = await RawPeer.listen((socket) =>
      socket.write(encode(['HELO', { nonce: new Uint8Array(16), auth: '', keepalive: true }])),
    )
    const given = { require_ack: false, retry: { first: '1m', longest: '1m', give_up: '0s' } }
    sink = await startedSink([endpointOf(peer)], given)
    await sink.send(packedBatch('a'))
    while (sink.status().healthy) await new Promise((resolve) => setImmediate(resolve))
    expect(await sink.send(packedBatch('b'))).toMatchObject(
      refusedWith('wants a handshake, and the sink has no shared key'),
    )
  })
})

describe('a server that takes its time', () => {
  test('with an acknowledgement, byte by byte, gets no more than it was given', async () => {
    const settlement = await sendTo((socket) => {
      socket.write(bytes(ACK, 0xda, 0x03, 0x00))
      const drip = setInterval(() => socket.write('x'), 5)
      socket.on('close', () => clearInterval(drip))
    })
    expect(settlement).toMatchObject(refusedWith('did not acknowledge in time'))
  })

  test('and says nothing gets no more either', async () => {
    expect(await sendTo(() => {})).toMatchObject(refusedWith('did not acknowledge in time'))
  })
})

test('nothing that a server says is repeated', async () => {
  const context = sinkContext()
  const canary = 'canary-7f3a'
  const answers = [
    encode({ ack: canary }),
    encode({ error: canary }),
    encode(['PONG', false, canary, canary, canary]),
    Buffer.from(`${canary}\r\n`),
    bytes(ACK, 0xc1, canary),
  ]
  peer = await RawPeer.listen((socket, connection) =>
    socket.once('data', () => socket.write(answers[connection % answers.length]!)),
  )
  const retry = { first: '10ms', longest: '10ms', give_up: '800ms' }
  sink = await startedSink([endpointOf(peer)], { retry, ack_timeout: '100ms' }, context)
  const settlement = await sink.send(packedBatch(canary))
  if (settlement.outcome === 'accepted') throw new Error('it was accepted')
  const { message, stack, hint, cause, place } = settlement.error
  expect(peer.sockets.length).toBeGreaterThanOrEqual(answers.length)
  expect(JSON.stringify([message, stack, hint, cause, place, context.lines, sink.status()])).not.toContain('canary')
})
