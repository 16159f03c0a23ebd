import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonBatch, sinkContext } from '../suite.ts'
import { QUICK, startedSink } from './fixtures.ts'
import { answer, HttpPeer, ok, onRequest, RawPeer } from './peers.ts'

const UNAVAILABLE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }
const NEVER = { ...QUICK, give_up: '0s' }

let peer: HttpPeer

beforeEach(async () => {
  peer = await new HttpPeer().listen()
})

afterEach(() => peer.close())

describe('a status', () => {
  test.each([200, 201, 202, 204, 205, 299])('of success is one: %i', async (status) => {
    peer.answer(answer(status))
    const sink = await startedSink(peer.url)
    expect(await sink.send(jsonBatch('a'))).toEqual({ outcome: 'accepted', rejected: 0 })
    await sink.close()
  })

  test.each([429, 502, 503, 504])('that may pass is waited out: %i', async (status) => {
    peer.answer(answer(status), answer(status), answer(status), ok)
    const sink = await startedSink(peer.url)
    const batch = jsonBatch('a')
    expect(await sink.send(batch)).toEqual({ outcome: 'accepted', rejected: 0 })
    expect(peer.requests.map(({ body }) => body.equals(batch.bytes))).toEqual([true, true, true, true])
    await sink.close()
  })

  test.each([301, 302, 303, 307, 308, 304, 401, 403, 404, 405, 407])(
    'that is a fault of the configuration is not repeated, and the client may: %i',
    async (status) => {
      peer.answer(answer(status, { location: peer.url, 'retry-after': '0' }), ok)
      const sink = await startedSink(peer.url)
      const settlement = await sink.send(jsonBatch('a'))
      expect(settlement).toMatchObject(UNAVAILABLE)
      expect(settlement).toMatchObject({ error: { message: `the backend of sink backend answered ${status}` } })
      expect(peer.requests).toHaveLength(1)
      await sink.close()
    },
  )

  test.each([400, 402, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 422, 425, 428, 431, 500, 501, 505, 511, 599])(
    'that is about the batch is for good: %i',
    async (status) => {
      peer.answer(answer(status, { 'retry-after': '0' }), ok)
      const sink = await startedSink(peer.url)
      expect(await sink.send(jsonBatch('a'))).toMatchObject({
        outcome: 'refused',
        error: { code: 'FIELDSEAL_SINK_REFUSED', retryable: false },
      })
      expect(peer.requests).toHaveLength(1)
      await sink.close()
    },
  )
})

describe('Retry-After', () => {
  /** Answers once with it, and says when the next request came. */
  async function pause(retryAfter: string): Promise<number> {
    const times: number[] = []
    peer.answer(
      (response, request) => {
        times.push(performance.now())
        answer(429, { 'retry-after': retryAfter })(response, request)
      },
      (response) => {
        times.push(performance.now())
        response.end()
      },
    )
    // A backoff that took the place of what was asked for would be over at once, or not in time.
    const sink = await startedSink(peer.url, { retry: { ...QUICK, give_up: '20s' } })
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ outcome: 'accepted' })
    await sink.close()
    const [asked = 0, came = 0] = times
    return came - asked
  }

  test('in seconds is kept to', async () => {
    expect(await pause('1')).toBeGreaterThanOrEqual(999)
  })

  test('as a date is kept to', async () => {
    const now = Date.now()
    const inTwo = new Date(now + 2000).toUTCString()
    expect(await pause(inTwo)).toBeGreaterThanOrEqual(Date.parse(inTwo) - now - 100)
  })

  test.each(['0', 'Sun, 06 Nov 1994 08:49:37 GMT', 'soon', '-1', '1.5', ''])(
    'that has passed or says nothing does not keep it from coming back: %j',
    async (value) => {
      await pause(value)
      expect(peer.requests).toHaveLength(2)
    },
  )

  test('of 0, said each time, does not make it hammer', async () => {
    peer.answer(answer(503, { 'retry-after': '0' }))
    const sink = await startedSink(peer.url, { retry: { first: '100ms', longest: '100ms', give_up: '1s' } })
    expect(await sink.send(jsonBatch('a'))).toMatchObject(UNAVAILABLE)
    // At once, and then after at least 50 ms each.
    expect(peer.requests.length).toBeGreaterThanOrEqual(3)
    expect(peer.requests.length).toBeLessThanOrEqual(22)
    await sink.close()
  })

  test.each([
    ['7200', 3_600_000],
    ['99999999999999999999', 3_600_000],
    ['30', 30_000],
  ])('beyond the time for the batch is for the client to keep: %s', async (value, retryAfterMs) => {
    peer.answer(answer(429, { 'retry-after': value }))
    const sink = await startedSink(peer.url)
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ ...UNAVAILABLE, retryAfterMs })
    expect(peer.requests).toHaveLength(1)
    await sink.close()
  })

  test('holds for every batch, not only for the one that was told', async () => {
    peer.answer(answer(429, { 'retry-after': '3600' }), ok)
    // What a backend asks for is kept to for `longest` here, and no batch has as long.
    const sink = await startedSink(peer.url, { retry: { first: '10ms', longest: '1m', give_up: '1s' } })
    await sink.send(jsonBatch('a'))
    const settlements = await Promise.all(['b', 'c', 'd'].map((text) => sink.send(jsonBatch(text))))
    for (const settlement of settlements) {
      expect(settlement).toMatchObject({ ...UNAVAILABLE, retryAfterMs: expect.any(Number) })
    }
    expect(peer.requests).toHaveLength(1)
    await sink.close()
  })

  test('that is short holds the others back, and then they go', async () => {
    const times: number[] = []
    peer.answer((response, request) => {
      times.push(performance.now())
      answer(times.length === 1 ? 503 : 200, { 'retry-after': '1' })(response, request)
    })
    const sink = await startedSink(peer.url)
    const first = sink.send(jsonBatch('a'))
    while (sink.status().healthy) await new Promise((resolve) => setImmediate(resolve))
    const second = sink.send(jsonBatch('b'))
    expect(await Promise.all([first, second])).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
    const [told = 0, ...later] = times
    expect(later.map((time) => time - told > 990)).toEqual([true, true])
    await sink.close()
  })
})

describe('a backend that is away', () => {
  test('is found when it comes back', async () => {
    const { port, url } = peer
    await peer.close()
    const context = sinkContext()
    const sink = await startedSink(url, {}, context)
    const sent = sink.send(jsonBatch('a'))
    while (context.lines.length === 0) await new Promise((resolve) => setImmediate(resolve))
    peer = await new HttpPeer().listen(port)
    expect(await sent).toEqual({ outcome: 'accepted', rejected: 0 })
    expect(peer.requests).toHaveLength(1)
    expect(context.lines.map(({ event, message }) => [event, message])).toEqual([
      ['sink-failed', 'the backend of sink backend cannot be reached'],
      ['sink-recovered', 'sink backend accepts batches again'],
    ])
    await sink.close()
  })

  test('is given up after the time for it, and every batch that waits with it', async () => {
    const { url } = peer
    await peer.close()
    const sink = await startedSink(url, { requests: 2, retry: { ...QUICK, give_up: '100ms' } })
    const settlements = await Promise.all(Array.from({ length: 500 }, (_, index) => sink.send(jsonBatch(`${index}`))))
    for (const settlement of settlements) expect(settlement).toMatchObject(UNAVAILABLE)
    expect(sink.status()).toEqual({ healthy: false, sending: 0, lastError: 'FIELDSEAL_SINK_UNAVAILABLE' })
    await sink.close()
  })

  test('is asked once where nothing is to be repeated', async () => {
    peer.answer(answer(503))
    const sink = await startedSink(peer.url, { retry: NEVER })
    expect(await sink.send(jsonBatch('a'))).toMatchObject(UNAVAILABLE)
    expect(peer.requests).toHaveLength(1)
    peer.answer(ok)
    expect(await sink.send(jsonBatch('b'))).toMatchObject({ outcome: 'accepted' })
    await sink.close()
  })

  test('does not answer in time: the batch is sent again on another connection', async () => {
    peer.answer(() => {}, ok)
    const sink = await startedSink(peer.url, { timeout: '100ms' })
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ outcome: 'accepted' })
    expect(peer.requests).toHaveLength(2)
    expect(peer.requests[0]?.port).not.toBe(peer.requests[1]?.port)
    await sink.close()
  })
})

describe('a batch for which nobody waits any more', () => {
  test('is given up while it waits to be repeated', async () => {
    peer.answer(answer(503, { 'retry-after': '3' }))
    const sink = await startedSink(peer.url)
    const client = new AbortController()
    const sent = sink.send(jsonBatch('a', client.signal))
    while (sink.status().healthy) await new Promise((resolve) => setImmediate(resolve))
    client.abort()
    expect(await sent).toMatchObject(UNAVAILABLE)
    expect(peer.requests).toHaveLength(1)
    await sink.close()
  })

  test('is given up while it waits for others, and the others are not', async () => {
    const sink = await startedSink(peer.url, { requests: 1 })
    const client = new AbortController()
    const sends = [sink.send(jsonBatch('a')), sink.send(jsonBatch('b', client.signal)), sink.send(jsonBatch('c'))]
    client.abort()
    expect((await Promise.all(sends)).map(({ outcome }) => outcome)).toEqual(['accepted', 'refused', 'accepted'])
    expect(peer.requests).toHaveLength(2)
    await sink.close()
  })

  test('leaves nothing behind at the signal of its client', async () => {
    peer.answer(answer(503), answer(503), ok)
    const sink = await startedSink(peer.url, { requests: 1 })
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 50 }, (_, index) => sink.send(jsonBatch(`${index}`, signal))))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await sink.close()
  })

  test('is let finish where it is under way', async () => {
    const client = new AbortController()
    peer.answer((response) => {
      client.abort()
      setImmediate(() => response.end())
    })
    const sink = await startedSink(peer.url)
    expect(await sink.send(jsonBatch('a', client.signal))).toMatchObject({ outcome: 'accepted' })
    await sink.close()
  })

  test('is not repeated where what was under way has failed', async () => {
    const client = new AbortController()
    peer.answer((response) => {
      client.abort()
      response.writeHead(503).end()
    }, ok)
    const sink = await startedSink(peer.url)
    expect(await sink.send(jsonBatch('a', client.signal))).toMatchObject(UNAVAILABLE)
    expect(peer.requests).toHaveLength(1)
    await sink.close()
  })
})

describe('a connection that was kept', () => {
  /** Answers the first request of the first connection, and treats the second one on it badly. */
  async function reused(badly: (socket: Socket) => void) {
    const texts: string[] = []
    const raw = await RawPeer.listen((socket, connection) => {
      let requests = 0
      onRequest(socket, (text) => {
        requests += 1
        if (connection === 0 && requests === 2) {
          badly(socket)
          return
        }
        texts.push(text)
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      })
    })
    const sink = await startedSink(raw.url, { retry: NEVER })
    expect(await sink.send(jsonBatch('first'))).toMatchObject({ outcome: 'accepted' })
    const second = await sink.send(jsonBatch('second'))
    await sink.close()
    await raw.close()
    return { second, texts, connections: raw.sockets.length }
  }

  test.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.end()],
  ])('and is %s when it is used again costs nothing but another connection', async (_, badly) => {
    const { second, texts, connections } = await reused(badly)
    expect(second).toEqual({ outcome: 'accepted', rejected: 0 })
    expect(texts.map((text) => /first|second/.exec(text)?.[0])).toEqual(['first', 'second'])
    expect(connections).toBe(2)
  })

  test('and dies amid an answer has failed: what it began to answer it has had', async () => {
    const { second, connections } = await reused((socket) => socket.end('HTTP/1.1 2'))
    expect(second).toMatchObject(UNAVAILABLE)
    expect(connections).toBe(1)
  })

  test('but never served is not tried again at once', async () => {
    const raw = await RawPeer.listen((socket) => onRequest(socket, () => socket.resetAndDestroy()))
    const sink = await startedSink(raw.url, { retry: NEVER })
    expect(await sink.send(jsonBatch('a'))).toMatchObject(UNAVAILABLE)
    expect(raw.sockets).toHaveLength(1)
    await sink.close()
    await raw.close()
  })
})
