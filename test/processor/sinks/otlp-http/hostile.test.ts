import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { Settlement } from '../../../../processor/pipeline/settlement.ts'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { jsonBatch, sinkContext } from '../suite.ts'
import { type Given, QUICK, startedSink } from './fixtures.ts'
import { onRequest, RawPeer } from './peers.ts'

const ONCE = { retry: { ...QUICK, give_up: '0s' }, timeout: '150ms', requests: 1 }
/** Time for gigabytes. */
const PATIENT = { ...ONCE, timeout: '10s' }
const ACCEPTED = { outcome: 'accepted', rejected: 0 }
const UNAVAILABLE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }

let peer: RawPeer
let sink: Sink

afterEach(async () => {
  await sink.close()
  await peer.close()
})

/** Sends one batch to a peer that does as it is told once the request has come. */
async function sendTo(behave: (socket: Socket) => void, given: Given = ONCE): Promise<Settlement> {
  peer = await RawPeer.listen((socket) => onRequest(socket, () => behave(socket)))
  sink = await startedSink(peer.url, given)
  return sink.send(jsonBatch('a'))
}

/** Writes as much as the other side takes, for as long as it does. @returns how many bytes were taken in the end. */
function flood(socket: Socket, piece: string | Buffer): Promise<number> {
  const pour = (): void => {
    while (!socket.destroyed && socket.write(piece)) {}
  }
  socket.on('drain', pour)
  pour()
  return new Promise((resolve) => socket.on('close', () => resolve(socket.bytesWritten)))
}

const head = (status: number, ...fields: string[]): string =>
  [`HTTP/1.1 ${status} Whatever`, ...fields, '', ''].join('\r\n')

/** What can be on its way in the buffers of the system, with room to spare: gigabytes it is not. */
const BUFFERS = 32 * 1024 * 1024

describe('a backend that has taken the batch', () => {
  test('and sends a reply without end: it is read up to 64 KiB, then the connection is closed', async () => {
    let taken: Promise<number> | undefined
    const settlement = await sendTo((socket) => {
      socket.write(head(200, 'content-type: application/json', 'transfer-encoding: chunked'))
      taken = flood(socket, `10000\r\n${'x'.repeat(0x10000)}\r\n`)
    }, PATIENT)
    expect(settlement).toEqual(ACCEPTED)
    expect(await taken).toBeLessThan(BUFFERS)
  })

  test('and sends a reply of a terabyte', async () => {
    let taken: Promise<number> | undefined
    const settlement = await sendTo((socket) => {
      socket.write(head(200, 'content-length: 1000000000000'))
      taken = flood(socket, Buffer.alloc(65_536))
    }, PATIENT)
    expect(settlement).toEqual(ACCEPTED)
    expect(await taken).toBeLessThan(BUFFERS)
  })

  test.each([
    ['dies amid the reply', (socket: Socket) => socket.end(`${head(200, 'content-length: 100')}{"partial`)],
    [
      'resets amid the reply',
      (socket: Socket) => socket.write(`${head(200, 'content-length: 100')}{`, () => reset(socket)),
    ],
    ['dies amid a chunk', (socket: Socket) => socket.end(`${head(200, 'transfer-encoding: chunked')}ff\r\nabc`)],
    ['ends the reply by closing', (socket: Socket) => socket.end(`${head(200)}{}`)],
    [
      'sends a chunk of no length',
      (socket: Socket) => socket.write(`${head(200, 'transfer-encoding: chunked')}zz\r\n`),
    ],
    ['sends nothing of the reply', (socket: Socket) => socket.write(head(200, 'content-length: 5'))],
    [
      'says that it is compressed',
      (socket: Socket) =>
        respond(
          socket,
          200,
          gzipSync('{"partialSuccess":{"rejectedLogRecords":1}}'),
          'content-encoding: gzip',
          'content-type: application/json',
        ),
    ],
    [
      'says so of what is not',
      (socket: Socket) =>
        respond(
          socket,
          200,
          '{"partialSuccess":{"rejectedLogRecords":1}}',
          'content-encoding: gzip',
          'content-type: application/json',
        ),
    ],
    [
      'sends JSON that is none',
      (socket: Socket) => respond(socket, 200, '{"partialSuccess":', 'content-type: application/json'),
    ],
    [
      'sends protobuf that is none',
      (socket: Socket) => respond(socket, 200, '\xff\xff\xff', 'content-type: application/x-protobuf'),
    ],
    ['sends HTML', (socket: Socket) => respond(socket, 200, '<html>', 'content-type: text/html')],
    ['hints first', (socket: Socket) => socket.write(`${head(103, 'link: </a>')}${head(204)}`)],
  ])('and %s has taken it', async (_, behave) => {
    expect(await sendTo(behave)).toEqual(ACCEPTED)
    expect(peer.sockets).toHaveLength(1)
  })

  test('and lets its reply drip is not waited for beyond the time', async () => {
    const settlement = await sendTo((socket) => {
      socket.write(head(200, 'content-length: 1000000'))
      const drip = setInterval(() => socket.write('x'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    expect(settlement).toEqual(ACCEPTED)
  })

  test('and sends chunk extensions or trailers without end is not waited for either', async () => {
    for (const [start, piece] of [
      ['5;', 'extension=x;'],
      ['0\r\n', 'trailer: x\r\n'],
    ] as const) {
      const behave = (socket: Socket) => {
        socket.write(head(200, 'transfer-encoding: chunked') + start)
        void flood(socket, piece.repeat(1000))
      }
      expect(await sendTo(behave)).toEqual(ACCEPTED)
      await sink.close()
      await peer.close()
    }
    await sendTo((socket) => socket.end(head(204)))
  })

  test('and sends more than it said: what is too much is not the answer to the next batch', async () => {
    const smuggled = `${head(400, 'content-length: 0')}`
    const settlement = await sendTo((socket) => {
      const first = peer.sockets.length === 1
      socket.write(first ? `${head(200, 'content-length: 2')}{}${smuggled}` : head(200, 'content-length: 0'))
    })
    expect(settlement).toEqual(ACCEPTED)
    expect(await sink.send(jsonBatch('b'))).toEqual(ACCEPTED)
    expect(peer.sockets).toHaveLength(2)
  })
})

describe('a backend that is none', () => {
  test.each([
    ['speaks another protocol', 'did not answer in HTTP', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    ['sends rubbish', 'did not answer in HTTP', (socket: Socket) => socket.write(Buffer.alloc(1000, 0xff))],
    ['sends no status', 'did not answer in HTTP', (socket: Socket) => socket.write('HTTP/1.1 abc OK\r\n\r\n')],
    [
      'sends headers without end',
      'did not answer in HTTP',
      (socket: Socket) =>
        void flood(socket.write('HTTP/1.1 200 OK\r\n') ? socket : socket, `a: ${'x'.repeat(1000)}\r\n`),
    ],
    [
      'sends a header without end',
      'did not answer in HTTP',
      (socket: Socket) => void flood(socket.write('HTTP/1.1 200 OK\r\na: ') ? socket : socket, 'x'.repeat(1000)),
    ],
    ['announces without end', 'did not answer in HTTP', (socket: Socket) => void flood(socket, head(103).repeat(100))],
    [
      'says two lengths',
      'did not answer in HTTP',
      (socket: Socket) => socket.write(head(200, 'content-length: 1', 'content-length: 2')),
    ],
    [
      'changes the protocol',
      'closed the connection before it answered',
      (socket: Socket) => socket.write(head(101, 'connection: upgrade', 'upgrade: h2c')),
    ],
    ['closes', 'closed the connection before it answered', (socket: Socket) => socket.end()],
    ['resets', 'closed the connection before it answered', (socket: Socket) => reset(socket)],
    ['says nothing', 'did not answer in time', () => {}],
    ['stops amid the status', 'did not answer in time', (socket: Socket) => socket.write('HTTP/1.1 20')],
    ['lets its headers drip', 'did not answer in time', drip],
  ])('and %s has not taken the batch', async (_, message, behave) => {
    const settlement = await sendTo(behave)
    expect(settlement).toMatchObject({ ...UNAVAILABLE, error: { message: `the backend of sink backend ${message}` } })
    expect(sink.status()).toMatchObject({ healthy: false, sending: 0 })
  })

  test('is waited for like one that is away', async () => {
    let requests = 0
    const behave = (socket: Socket) => {
      requests += 1
      socket.write(requests < 4 ? 'rubbish\r\n\r\n' : head(200, 'content-length: 0'))
    }
    expect(await sendTo(behave, { retry: QUICK })).toEqual(ACCEPTED)
    expect(requests).toBe(4)
  })

  test('and says secrets is not repeated, whatever it says them in', async () => {
    const context = sinkContext()
    peer = await RawPeer.listen((socket) =>
      onRequest(socket, () => {
        const said = peer.sockets.length
        const canary = `canary-${said}`
        if (said === 1)
          socket.end(`HTTP/1.1 503 ${canary}\r\n${canary}: ${canary}\r\nretry-after: ${canary}\r\n\r\n${canary}`)
        else if (said === 2) socket.end(`${canary}\r\n\r\n`)
        else socket.end(`HTTP/1.1 400 ${canary}\r\nx: ${canary}\r\n\r\n${canary}`)
      }),
    )
    sink = await startedSink(peer.url, { retry: QUICK }, context)
    const settlement = await sink.send(jsonBatch('a'))
    expect(peer.sockets).toHaveLength(3)
    if (settlement.outcome === 'accepted') throw new Error('it was accepted')
    const { error } = settlement
    const shown = JSON.stringify([error.message, error.stack, error.hint, context.lines, sink.status()])
    expect(shown).toContain('answered 400')
    expect(shown).not.toContain('canary')
  })
})

describe('a backend that answers before it has the batch', () => {
  const LARGE = jsonBatch('x'.repeat(40_000_000))

  /** Answers the first connection as soon as anything comes, and reads no more of it. */
  async function early(answer: string) {
    const whole: string[] = []
    peer = await RawPeer.listen((socket, connection) => {
      if (connection === 0) {
        socket.once('data', () => {
          socket.pause()
          socket.write(answer)
        })
      } else {
        onRequest(socket, (text) => {
          whole.push(text)
          socket.write(head(200, 'content-length: 0'))
        })
      }
    })
    sink = await startedSink(peer.url, { retry: QUICK, requests: 1 })
    return { settlement: await sink.send(LARGE), whole }
  }

  test('with a success has not taken it: it is sent again, in full', async () => {
    const { settlement, whole } = await early(head(200, 'content-length: 0'))
    expect(settlement).toEqual(ACCEPTED)
    expect(whole).toHaveLength(1)
    expect(whole[0]?.endsWith(LARGE.bytes.toString('latin1'))).toBe(true)
  })

  test('with an error has answered, and is sent no more of it', async () => {
    const { settlement } = await early(head(413, 'content-length: 0'))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_REFUSED' } })
    // The rest of the large batch is not what the next one is put behind.
    expect(await sink.send(jsonBatch('b'))).toEqual(ACCEPTED)
    expect(peer.sockets).toHaveLength(2)
  })
})

function reset(socket: Socket): void {
  socket.resetAndDestroy()
}

function respond(socket: Socket, status: number, body: string | Buffer, ...fields: string[]): void {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
  socket.write(head(status, `content-length: ${bytes.length}`, ...fields))
  socket.write(bytes)
}

function drip(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\na: ')
  const timer = setInterval(() => socket.write('x'), 10)
  socket.on('close', () => clearInterval(timer))
}
