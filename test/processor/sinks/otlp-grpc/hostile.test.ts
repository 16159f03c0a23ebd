import type { ServerHttp2Stream } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { message } from '../../../../processor/sources/otlp-http/protobuf-message.ts'
import { framed } from '../../sources/otlp-grpc/fixtures.ts'
import { sinkContext } from '../suite.ts'
import { protobufBatch, QUICK, startedSink } from './fixtures.ts'
import { answerWell, fail, GrpcPeer, HEADERS, RawPeer } from './peers.ts'

const SAYS = 'said-by-the-backend-4711'
const UNAVAILABLE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }
const NEVER = { ...QUICK, give_up: '0s' }

/** Sends one batch to a backend that behaves like this, and shows everything that came of it. */
async function sendTo(behave: (stream: ServerHttp2Stream) => void, given: object = {}) {
  const peer = await RawPeer.listen(behave)
  const context = sinkContext()
  const sink = await startedSink(peer.url, { retry: NEVER, timeout: '2s', ...given }, context)
  const settlement = await sink.send(protobufBatch('canary-7f3a'))
  const shown = JSON.stringify([
    settlement,
    settlement.outcome === 'refused' ? [settlement.error.message, settlement.error.stack] : '',
    context.lines,
    sink.status(),
  ])
  await sink.close()
  await peer.close()
  expect(shown).not.toContain('canary')
  expect(shown).not.toContain(SAYS)
  return { settlement, streams: peer.streams }
}

const trailersOnly = (headers: Record<string, string>) => (stream: ServerHttp2Stream) =>
  stream.respond({ ...HEADERS, ...headers }, { endStream: true })

/** Headers, bytes, and then the trailers of a success. */
const answerWith =
  (bytes: Buffer, headers: Record<string, string> = {}) =>
  (stream: ServerHttp2Stream) => {
    stream.respond({ ...HEADERS, ...headers }, { waitForTrailers: true })
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(bytes)
  }

describe('an answer that is none is no word on the batch', () => {
  const giant = Buffer.alloc(5)
  giant.writeUInt32BE(2 ** 31, 1)

  test.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    ['a reset with INTERNAL_ERROR', (stream) => stream.close(2), 'broke off the call'],
    ['a reset with PROTOCOL_ERROR', (stream) => stream.close(1), 'broke off the call'],
    ['a reset with ENHANCE_YOUR_CALM', (stream) => stream.close(11), 'broke off the call'],
    ['a reset with CANCEL', (stream) => stream.close(8), 'answered CANCELLED'],
    ['a stream that is refused', (stream) => stream.close(7), 'answered UNAVAILABLE'],
    ['the end of the connection', (stream) => stream.session?.destroy(), 'answered UNAVAILABLE'],
    ['a reset of the connection', (stream) => stream.session?.socket.destroy(), 'answered UNAVAILABLE'],
    [
      'a page of a proxy',
      (stream) => {
        stream.respond({ ':status': 503, 'content-type': 'text/html' })
        stream.end(`<html>${SAYS}`)
      },
      'answered UNAVAILABLE',
    ],
    [
      'an answer without trailers',
      (stream) => {
        stream.respond(HEADERS)
        stream.end(Buffer.alloc(5))
      },
      'broke off the call',
    ],
    ['a giant message', answerWith(Buffer.concat([giant, Buffer.alloc(1000)])), 'broke off the call'],
    [
      'a bomb',
      answerWith(framed(gzipSync(Buffer.alloc(50_000_000)), true), { 'grpc-encoding': 'gzip' }),
      'broke off the call',
    ],
    [
      'a message that is no gzip',
      answerWith(framed(Buffer.from(SAYS), true), { 'grpc-encoding': 'gzip' }),
      'broke off the call',
    ],
    ['a message compressed in secret', answerWith(framed(Buffer.from(SAYS), true)), 'did not answer in gRPC'],
    [
      'a message compressed otherwise',
      answerWith(framed(Buffer.from(SAYS), true), { 'grpc-encoding': SAYS }),
      'did not answer in gRPC',
    ],
    ['a code that is none', trailersOnly({ 'grpc-status': '99', 'grpc-message': SAYS }), 'did not answer in gRPC'],
    ['a code that is no number', trailersOnly({ 'grpc-status': SAYS, 'grpc-message': SAYS }), 'did not answer in gRPC'],
  ])('%s', async (_, behave, what) => {
    const { settlement } = await sendTo(behave)
    expect(settlement).toMatchObject({
      ...UNAVAILABLE,
      error: { message: `the backend of sink backend ${what}` },
    })
  })

  test('and is asked for again', async () => {
    let calls = 0
    const { settlement, streams } = await sendTo(
      (stream) => {
        calls += 1
        if (calls < 4) stream.close(2)
        else answerWell(stream)
      },
      { retry: QUICK },
    )
    expect([settlement, streams]).toEqual([{ outcome: 'accepted', rejected: 0 }, 4])
  })
})

describe('an answer without end', () => {
  test.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['of nothing', () => {}],
    ['of headers alone', (stream) => stream.respond(HEADERS)],
    [
      'of a byte now and then',
      (stream) => {
        stream.respond(HEADERS)
        const timer = setInterval(() => stream.write(Buffer.alloc(1)), 10)
        stream.once('close', () => clearInterval(timer))
      },
    ],
    [
      'of empty messages',
      (stream) => {
        stream.respond(HEADERS)
        const write = () => {
          if (!stream.destroyed) stream.write(Buffer.alloc(5), () => setImmediate(write))
        }
        write()
      },
    ],
  ])('%s has its time', async (_, behave) => {
    const began = performance.now()
    const { settlement } = await sendTo(behave, { timeout: '300ms' })
    expect(settlement).toMatchObject(UNAVAILABLE)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('of a gigabyte costs no memory', async () => {
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }, 1)
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(2 ** 30, 1)
    const chunk = Buffer.alloc(1024 * 1024)
    const { settlement } = await sendTo((stream) => {
      stream.respond(HEADERS)
      stream.write(prefix)
      const write = () => {
        if (!stream.destroyed) stream.write(chunk, () => setImmediate(write))
      }
      write()
    })
    clearInterval(look)
    expect(settlement).toMatchObject(UNAVAILABLE)
    expect(most).toBeLessThan(16 * 1024 * 1024)
  })
})

test.each([
  ['no HTTP/2', (socket: Socket) => socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${SAYS}`)],
  ['noise', (socket: Socket) => socket.end(Buffer.alloc(10_000, SAYS))],
  ['a reset', (socket: Socket) => socket.resetAndDestroy()],
])('a server that answers with %s cannot be reached', async (_, behave) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const context = sinkContext()
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sink = await startedSink(endpoint, { retry: NEVER }, context)
  const settlement = await sink.send(protobufBatch('x'))
  expect(settlement).toMatchObject({
    ...UNAVAILABLE,
    error: { message: 'the backend of sink backend cannot be reached' },
  })
  expect(JSON.stringify([settlement, context.lines])).not.toContain(SAYS)
  await sink.close()
  server.close()
})

test('a server that takes a connection and says nothing has its time', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sink = await startedSink(endpoint, { retry: NEVER, timeout: '200ms' })
  expect(await sink.send(protobufBatch('x'))).toMatchObject({
    ...UNAVAILABLE,
    error: { message: 'the backend of sink backend did not answer in time' },
  })
  await sink.close()
  for (const socket of sockets) socket.destroy()
  server.close()
})

describe('a partial success', () => {
  const partial = (rejected: number) => message([1, message([1, rejected], [2, SAYS])])

  test('is a success that is not repeated', async () => {
    const { settlement, streams } = await sendTo(answerWith(framed(partial(1))), { retry: QUICK })
    expect([settlement, streams]).toEqual([{ outcome: 'accepted', rejected: 1 }, 1])
  })

  test('is read compressed, too', async () => {
    const bytes = framed(gzipSync(partial(1)), true)
    const { settlement } = await sendTo(answerWith(bytes, { 'grpc-encoding': 'gzip' }))
    expect(settlement).toEqual({ outcome: 'accepted', rejected: 1 })
  })

  test('rejects no more than was sent', async () => {
    const { settlement } = await sendTo(answerWith(framed(partial(1000))))
    expect(settlement).toEqual({ outcome: 'accepted', rejected: 1 })
  })

  test.each([[Buffer.alloc(0)], [partial(0)], [Buffer.from('\xff\xff\xff', 'latin1')]])(
    'that rejects nothing, or cannot be read, is a full one: %j',
    async (bytes) => {
      const { settlement } = await sendTo(answerWith(framed(bytes)))
      expect(settlement).toEqual({ outcome: 'accepted', rejected: 0 })
    },
  )
})

test.each(Object.values(status).filter((code): code is status => typeof code === 'number' && code !== status.OK))(
  'what goes with code %i is not repeated anywhere',
  async (code) => {
    const peer = await new GrpcPeer().listen()
    peer.answer(fail(code, 3600, SAYS))
    const context = sinkContext()
    const sink = await startedSink(peer.url, { retry: NEVER }, context)
    const settlement = await sink.send(protobufBatch('x'))
    if (settlement.outcome === 'accepted') throw new Error('it was accepted')
    expect(JSON.stringify([settlement, settlement.error.message, context.lines])).not.toContain(SAYS)
    await sink.close()
    peer.close()
  },
)

test('details that cannot be read are as if they were not there', async () => {
  for (const details of ['!!!', 'AAAA', Buffer.alloc(3000, 0x0a).toString('base64')]) {
    const { settlement } = await sendTo(trailersOnly({ 'grpc-status': '14', 'grpc-status-details-bin': details }))
    expect(settlement).toEqual({
      outcome: 'refused',
      error: expect.objectContaining({ code: 'FIELDSEAL_SINK_UNAVAILABLE' }),
    })
  }
})
