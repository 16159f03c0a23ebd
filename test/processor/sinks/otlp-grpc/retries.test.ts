import { getEventListeners } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { Metadata, status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { STATUS_DETAILS } from '../../../../processor/http/grpc.ts'
import { message } from '../../../../processor/sources/otlp-http/protobuf-message.ts'
import { sinkContext } from '../suite.ts'
import { protobufBatch, QUICK, startedSink } from './fixtures.ts'
import { type Answer, answerWell, fail, GrpcPeer, ok, RawPeer } from './peers.ts'

const ACCEPTED = { outcome: 'accepted', rejected: 0 }
const UNAVAILABLE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }
const NEVER = { ...QUICK, give_up: '0s' }

let peer: GrpcPeer

beforeEach(async () => {
  peer = await new GrpcPeer().listen()
})

afterEach(() => peer.close())

describe('a code', () => {
  const {
    CANCELLED,
    DEADLINE_EXCEEDED,
    ABORTED,
    OUT_OF_RANGE,
    UNAVAILABLE: AWAY,
    DATA_LOSS,
    RESOURCE_EXHAUSTED,
  } = status

  test.each([CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, AWAY, DATA_LOSS])(
    'that may pass is waited out: %i',
    async (code) => {
      peer.answer(fail(code), fail(code), fail(code), ok)
      const sink = await startedSink(peer.url)
      const batch = protobufBatch('a')
      expect(await sink.send(batch)).toEqual(ACCEPTED)
      expect(peer.calls.map((call) => call.message.equals(batch.bytes))).toEqual([true, true, true, true])
      await sink.close()
    },
  )

  test.each([status.NOT_FOUND, status.PERMISSION_DENIED, status.UNIMPLEMENTED, status.UNAUTHENTICATED])(
    'that is a fault of the configuration is not repeated, and the client may: %i',
    async (code) => {
      peer.answer(fail(code, 0), ok)
      const sink = await startedSink(peer.url)
      const settlement = await sink.send(protobufBatch('a'))
      expect(settlement).toMatchObject(UNAVAILABLE)
      expect(settlement).toMatchObject({
        error: { message: `the backend of sink backend answered ${status[code]}` },
      })
      expect(peer.calls).toHaveLength(1)
      await sink.close()
    },
  )

  test.each([
    status.UNKNOWN,
    status.INVALID_ARGUMENT,
    status.ALREADY_EXISTS,
    status.FAILED_PRECONDITION,
    status.INTERNAL,
    RESOURCE_EXHAUSTED,
  ])('that is about the batch is for good: %i', async (code) => {
    peer.answer(fail(code), ok)
    const sink = await startedSink(peer.url)
    expect(await sink.send(protobufBatch('a'))).toMatchObject({
      outcome: 'refused',
      error: { code: 'FIELDSEAL_SINK_REFUSED', retryable: false },
    })
    expect(peer.calls).toHaveLength(1)
    await sink.close()
  })

  test('RESOURCE_EXHAUSTED with RetryInfo may pass, whatever its delay', async () => {
    peer.answer(fail(RESOURCE_EXHAUSTED, 0), fail(RESOURCE_EXHAUSTED, 0), ok)
    const sink = await startedSink(peer.url)
    expect(await sink.send(protobufBatch('a'))).toEqual(ACCEPTED)
    expect(peer.calls).toHaveLength(3)
    await sink.close()
  })
})

describe('RetryInfo', () => {
  /** Answers once with a delay, and says how long the next call took to come. */
  async function pause(answer: Answer): Promise<number> {
    const times: number[] = []
    peer.answer(
      (respond, call) => {
        times.push(performance.now())
        answer(respond, call)
      },
      (respond, call) => {
        times.push(performance.now())
        ok(respond, call)
      },
    )
    const sink = await startedSink(peer.url)
    expect(await sink.send(protobufBatch('a'))).toEqual(ACCEPTED)
    await sink.close()
    const [asked = 0, came = 0] = times
    return came - asked
  }

  test.each([status.UNAVAILABLE, status.RESOURCE_EXHAUSTED, status.ABORTED])(
    'is kept to, with code %i',
    async (code) => {
      expect(await pause(fail(code, 1))).toBeGreaterThanOrEqual(999)
    },
  )

  test('in parts of a second is kept to', async () => {
    const wait = await pause((respond) => {
      const metadata = new Metadata()
      const info = message([1, message([2, 300_000_000])])
      const any = message([1, 'type.googleapis.com/google.rpc.RetryInfo'], [2, info])
      metadata.set(STATUS_DETAILS, message([1, status.UNAVAILABLE], [3, any]))
      respond({ code: status.UNAVAILABLE, details: '', metadata })
    })
    expect(wait).toBeGreaterThanOrEqual(299)
    expect(wait).toBeLessThan(5000)
  })

  test.each([
    ['7200', 7200, 3_600_000],
    ['30', 30, 30_000],
  ])('beyond the time for the batch is for the client to keep: %s s', async (_, seconds, retryAfterMs) => {
    peer.answer(fail(status.UNAVAILABLE, seconds))
    const sink = await startedSink(peer.url)
    expect(await sink.send(protobufBatch('a'))).toMatchObject({ ...UNAVAILABLE, retryAfterMs })
    expect(peer.calls).toHaveLength(1)
    await sink.close()
  })

  test('holds for every batch, not only for the one that was told', async () => {
    peer.answer(fail(status.UNAVAILABLE, 3600), ok)
    const sink = await startedSink(peer.url, { retry: { first: '10ms', longest: '1m', give_up: '1s' } })
    await sink.send(protobufBatch('a'))
    const settlements = await Promise.all(['b', 'c', 'd'].map((text) => sink.send(protobufBatch(text))))
    for (const settlement of settlements) {
      expect(settlement).toMatchObject({ ...UNAVAILABLE, retryAfterMs: expect.any(Number) })
    }
    expect(peer.calls).toHaveLength(1)
    await sink.close()
  })
})

describe('a backend that is away', () => {
  test('is found when it comes back, and the outage is logged once', async () => {
    const { port, url } = peer
    peer.close()
    const context = sinkContext()
    const sink = await startedSink(url, {}, context)
    const sent = sink.send(protobufBatch('a'))
    while (context.lines.length === 0) await new Promise((resolve) => setImmediate(resolve))
    peer = await new GrpcPeer().listen(port)
    expect(await sent).toEqual(ACCEPTED)
    expect(peer.calls).toHaveLength(1)
    expect(context.lines.map(({ event, message }) => [event, message])).toEqual([
      ['sink-failed', 'the backend of sink backend cannot be reached'],
      ['sink-recovered', 'sink backend accepts batches again'],
    ])
    await sink.close()
  })

  test('is found again after it has been restarted', async () => {
    const sink = await startedSink(peer.url)
    expect(await sink.send(protobufBatch('a'))).toEqual(ACCEPTED)
    const { port } = peer
    for (const text of ['b', 'c']) {
      peer.close()
      peer = await new GrpcPeer().listen(port)
      expect(await sink.send(protobufBatch(text))).toEqual(ACCEPTED)
      expect(peer.calls).toHaveLength(1)
    }
    await sink.close()
  })

  test('is given up after the time for it, and every batch that waits with it', async () => {
    peer.close()
    const sink = await startedSink(peer.url, { requests: 2, retry: { ...QUICK, give_up: '100ms' } })
    const settlements = await Promise.all(
      Array.from({ length: 500 }, (_, index) => sink.send(protobufBatch(`${index}`))),
    )
    for (const settlement of settlements) expect(settlement).toMatchObject(UNAVAILABLE)
    expect(sink.status()).toEqual({ healthy: false, sending: 0, lastError: 'FIELDSEAL_SINK_UNAVAILABLE' })
    await sink.close()
  })

  test('is asked once where nothing is to be repeated', async () => {
    peer.answer(fail(status.UNAVAILABLE))
    const sink = await startedSink(peer.url, { retry: NEVER })
    expect(await sink.send(protobufBatch('a'))).toMatchObject(UNAVAILABLE)
    expect(peer.calls).toHaveLength(1)
    await sink.close()
  })

  test('has a name that leads nowhere', async () => {
    const sink = await startedSink('http://nowhere.invalid:4317', { retry: NEVER })
    expect(await sink.send(protobufBatch('a'))).toMatchObject({
      ...UNAVAILABLE,
      error: { message: 'the backend of sink backend cannot be reached' },
    })
    await sink.close()
  })
})

describe('a backend that does not answer in time', () => {
  test('is asked again on another connection', async () => {
    peer.answer(() => {}, ok)
    const sink = await startedSink(peer.url, { timeout: '100ms' })
    expect(await sink.send(protobufBatch('a'))).toEqual(ACCEPTED)
    expect(peer.calls).toHaveLength(2)
    expect(peer.calls[0]?.peer).not.toBe(peer.calls[1]?.peer)
    await sink.close()
  })

  test('has its other calls answered all the same', async () => {
    const held: (() => void)[] = []
    peer.answer((respond, call) => {
      if (call.message.includes('slow')) return
      if (call.message.includes('held')) held.push(() => ok(respond, call))
      else ok(respond, call)
    })
    const sink = await startedSink(peer.url, { timeout: '1s', retry: NEVER })
    const slow = sink.send(protobufBatch('slow'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const other = sink.send(protobufBatch('held'))
    expect(await slow).toMatchObject({ ...UNAVAILABLE, error: { message: expect.stringContaining('in time') } })
    // A further one opens the new connection.
    expect(await sink.send(protobufBatch('next'))).toEqual(ACCEPTED)
    for (const answer of held) answer()
    expect(await other).toEqual(ACCEPTED)
    expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(2)
    await sink.close()
  })
})

describe('a batch for which nobody waits any more', () => {
  test('is given up while it waits to be repeated', async () => {
    peer.answer(fail(status.UNAVAILABLE, 3))
    const sink = await startedSink(peer.url)
    const client = new AbortController()
    const sent = sink.send(protobufBatch('a', client.signal))
    while (sink.status().healthy) await new Promise((resolve) => setImmediate(resolve))
    client.abort()
    expect(await sent).toMatchObject(UNAVAILABLE)
    expect(peer.calls).toHaveLength(1)
    await sink.close()
  })

  test('leaves nothing behind at the signal of its client', async () => {
    peer.answer(fail(status.UNAVAILABLE), fail(status.UNAVAILABLE), ok)
    const sink = await startedSink(peer.url, { requests: 1 })
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 50 }, (_, index) => sink.send(protobufBatch(`${index}`, signal))))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await sink.close()
  })
})

test('whatever is accepted has arrived in full, and nothing arrives that was not sent', async () => {
  /** What a backend can do with a call, and whether it has the batch. */
  const MOODS: Readonly<Record<string, (stream: Parameters<typeof answerWell>[0]) => void>> = {
    'takes it': answerWell,
    'is busy': (stream) =>
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14' }, { endStream: true }),
    'does not want it': (stream) =>
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '3' }, { endStream: true }),
    'resets the call': (stream) => stream.close(2),
    'cancels the call': (stream) => stream.close(8),
    'drops the connection': (stream) => stream.session?.destroy(),
    'says nothing': () => {},
    'dies amid the answer': (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      stream.write(Buffer.alloc(3), () => stream.session?.destroy())
    },
    'is no gRPC': (stream) => {
      stream.respond({ ':status': 502, 'content-type': 'text/html' })
      stream.end('<html>')
    },
  }
  const moods = fc.array(fc.constantFrom(...Object.keys(MOODS)), { minLength: 1, maxLength: 40 })
  const retry = { first: '10ms', longest: '20ms', give_up: '200ms' }
  await fc.assert(
    fc.asyncProperty(moods, fc.constantFrom('none', 'gzip'), async (course, compression) => {
      const taken: Buffer[] = []
      const raw = await RawPeer.listen((stream, number) => {
        const mood = course[number % course.length] as string
        if (mood === 'takes it') {
          const parts: Buffer[] = []
          stream.on('data', (part: Buffer) => parts.push(part))
          stream.once('end', () => {
            if (!stream.destroyed) taken.push(Buffer.concat(parts))
          })
        }
        MOODS[mood]?.(stream)
      })
      const sink = await startedSink(raw.url, { requests: 4, timeout: '100ms', retry, compression })
      const batches = Array.from({ length: 12 }, (_, index) => protobufBatch(`${index}:${'é'.repeat(index * 5000)}`))
      const settlements = await Promise.all(batches.map((batch) => sink.send(batch)))
      expect(sink.status().sending).toBe(0)
      await sink.close()
      await raw.close()
      const arrived = new Set(
        taken.map((wire) => (wire[0] === 1 ? gunzipSync(wire.subarray(5)) : wire.subarray(5)).toString('latin1')),
      )
      const sent = batches.map(({ bytes }) => bytes.toString('latin1'))
      settlements.forEach(({ outcome }, index) => {
        if (outcome === 'accepted') expect(arrived.has(sent[index] ?? '')).toBe(true)
      })
      expect([...arrived].every((text) => sent.includes(text))).toBe(true)
    }),
    { numRuns: 15 },
  )
})
