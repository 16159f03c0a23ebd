import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { HeldPipeline, until } from '../suite.ts'
import { JSON_TYPE, RawClient, rawRequest, startSource } from './fixtures.ts'

const CANARY = 'canary-93ab55'

/** A body of 60 bytes in three chunks, with an extension and a trailer. */
const BODY = Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}      ')
const CHUNKED = Buffer.concat([
  Buffer.from(`POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`),
  Buffer.from(`5;name=value\r\n${BODY.subarray(0, 5)}\r\n`),
  Buffer.from(`a\r\n${BODY.subarray(5, 15)}\r\n`),
  Buffer.from(`2D\r\n${BODY.subarray(15)}\r\n0\r\nX-Trailer: 1\r\n\r\n`),
])
const SIZED = rawRequest(BODY, { 'Content-Type': JSON_TYPE })

const statuses = (answers: readonly string[]) => answers.map((answer) => answer.slice(9, 12))
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('wherever the network cuts a request', () => {
  test.each([
    ['with a length', SIZED],
    ['in chunks', CHUNKED],
  ])('it arrives whole, %s', async (_, request) => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    client.socket.setNoDelay(true)
    for (let at = 1; at < request.length; at += 1) {
      await client.write(request.subarray(0, at))
      await turn()
      await client.write(request.subarray(at))
      await client.answers(at)
    }
    expect(new Set(statuses(await client.answers(request.length - 1)))).toEqual(new Set(['200']))
    expect(delivered).toHaveLength(request.length - 1)
    expect(delivered.every((bytes) => bytes.equals(BODY))).toBe(true)
    expect(context.budget.used).toBe(0)
  })

  test('many cuts, and several requests behind each other, change nothing', async () => {
    const { port, delivered } = await startSource()
    const stream = Buffer.concat([SIZED, CHUNKED, CHUNKED, SIZED])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 12 }), async (cuts) => {
        delivered.length = 0
        const client = new RawClient(port)
        client.socket.setNoDelay(true)
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
        for (let index = 1; index < places.length; index += 1) {
          await client.write(stream.subarray(places[index - 1], places[index]))
          await turn()
        }
        expect(statuses(await client.answers(4))).toEqual(['200', '200', '200', '200'])
        expect(delivered.map(String)).toEqual(Array.from({ length: 4 }, () => BODY.toString()))
        client.socket.destroy()
      }),
      { numRuns: 60 },
    )
  })

  test('a request that ends there is not delivered', async () => {
    const { port, delivered, context } = await startSource()
    for (const request of [SIZED, CHUNKED]) {
      for (let at = 1; at < request.length; at += 1) {
        const client = new RawClient(port)
        await client.write(request.subarray(0, at))
        client.socket.end()
        await client.closed
        // Whatever is said, it is not yes.
        expect(client.text).not.toMatch(/^HTTP\/1\.1 2/)
      }
    }
    expect(delivered).toHaveLength(0)
    expect(context.budget.used).toBe(0)
  })
})

describe('pipelining', () => {
  test('answers come in the order of the requests, whichever batch is settled first', async () => {
    const settle: ((rejected: number) => void)[] = []
    const { port } = await startSource({
      deliver: () => new Promise((resolve) => settle.push((rejected) => resolve(accepted(rejected)))),
    })
    const client = new RawClient(port)
    const request = (text: string) => rawRequest(text, { 'Content-Type': JSON_TYPE })
    await client.write(Buffer.concat([request('a'), request('b'), request('c')]))
    await until(() => settle.length === 3)
    for (const [index, rejected] of [
      [2, 3],
      [0, 1],
      [1, 2],
    ] as const)
      settle[index]?.(rejected)
    const counts = (await client.answers(3)).map((answer) => /"rejectedLogRecords":"(\d)"/.exec(answer)?.[1])
    expect(counts).toEqual(['1', '2', '3'])
  })

  test('requests that wait behind a slow one are bounded in number', async () => {
    const pipeline = new HeldPipeline()
    const { port, context } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(Buffer.concat(Array.from({ length: 200 }, () => rawRequest(''))))
    await until(() => pipeline.batches.length === 64)
    // One more has a body, and would be delivered if there were no bound.
    for (let turns = 0; turns < 20; turns += 1) await turn()
    expect(pipeline.batches).toHaveLength(64)
    pipeline.settle(accepted())
    const answers = await client.answers(200)
    expect(statuses(answers.slice(0, 64))).toEqual(Array.from({ length: 64 }, () => '200'))
    expect(statuses(answers.slice(64))).toContain('429')
    expect(context.budget.used).toBe(0)
  })

  test('a client that is gone aborts every batch of its connection', async () => {
    const pipeline = new HeldPipeline()
    const { port } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(Buffer.concat([SIZED, SIZED, SIZED]))
    await until(() => pipeline.batches.length === 3)
    client.socket.resetAndDestroy()
    await until(() => pipeline.batches.every(({ signal }) => signal.aborted))
    pipeline.settle(accepted())
  })
})

describe('what is not HTTP', () => {
  test.each([
    ['other bytes', `${CANARY}\r\n\r\n`, 400],
    ['another version', `GET /${CANARY} HTTP/9.9\r\n\r\n`, 400],
    ['a header without a colon', `GET / HTTP/1.1\r\n${CANARY}\r\n\r\n`, 400],
    [
      'a length and chunks',
      `POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n${CANARY}`,
      400,
    ],
    [
      'two lengths',
      `POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n${CANARY}`,
      400,
    ],
    ['a length below zero', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['a chunk without a length', `${CHUNKED.toString().split('\r\n\r\n')[0]}\r\n\r\n${CANARY}\r\n`, 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${CANARY.repeat(3000)}`, 431],
    ['TLS where there is none', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s is answered in plain text, with nothing of it', async (_, text, status) => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.from(text, 'latin1'))
    const [answer] = await client.answers(1)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/^connection: close$/im)
    expect(answer).toContain('FIELDSEAL_REQUEST_INVALID')
    expect(answer).not.toContain(CANARY)
    await client.closed
    expect(client.ended).toBe(true)
    expect(delivered).toHaveLength(0)
    expect(context.lines).toEqual([])
    expect(context.budget.used).toBe(0)
  })

  test('behind a batch that is under way it ends the connection: no answer could be mistaken for that of the batch', async () => {
    const pipeline = new HeldPipeline()
    const { port } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(SIZED)
    await until(() => pipeline.batches.length === 1)
    await client.write(`${CANARY}\r\n\r\n`)
    await client.closed
    expect(client.text).toBe('')
    expect(pipeline.batches[0]?.signal.aborted).toBe(true)
    pipeline.settle(accepted())
  })

  test('a coding of the transfer that nobody asked for is 400', async () => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    const head = CHUNKED.toString().replace('chunked', 'gzip, chunked')
    await client.write(head)
    expect(statuses(await client.answers(1))).toEqual(['400'])
    expect(delivered).toHaveLength(0)
  })
})

describe('slow clients', () => {
  const options = { headers_timeout: '1s', request_timeout: '1s', idle_timeout: '1s' }

  test('headers that do not come in time are 408', async () => {
    const { port } = await startSource({ options })
    const client = new RawClient(port)
    await client.write(SIZED.subarray(0, 30))
    expect(statuses(await client.answers(1))).toEqual(['408'])
    await client.closed
  })

  test('a body that does not come in time is 503, so that the client keeps it, and its memory is given back', async () => {
    const { port, delivered, context } = await startSource({ options })
    for (const request of [rawRequest(Buffer.alloc(100_000)).subarray(0, -1), CHUNKED.subarray(0, -10)]) {
      const client = new RawClient(port)
      await client.write(request)
      const [answer] = await client.answers(1)
      expect(answer).toMatch(/^HTTP\/1\.1 503 /)
      expect(answer).toMatch(/^retry-after: 1$/im)
      await client.closed
    }
    await until(() => context.budget.used === 0)
    expect(delivered).toHaveLength(0)
  })

  test('a client that sends byte by byte does not hold its place, and an honest one goes on', async () => {
    const { port } = await startSource({ options })
    const slow = Array.from({ length: 20 }, () => new RawClient(port))
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('x')
    }, 50)
    for (const { socket } of slow) socket.write(rawRequest(Buffer.alloc(100_000)).subarray(0, -100_000))
    const honest = new RawClient(port)
    await honest.write(SIZED)
    expect(statuses(await honest.answers(1))).toEqual(['200'])
    await Promise.all(slow.map(({ closed }) => closed))
    clearInterval(drip)
    expect(slow.map(({ text }) => text.slice(9, 12))).toEqual(slow.map(() => '503'))
  })

  test('a connection without a request is closed after its time', async () => {
    const { port } = await startSource({ options })
    const client = new RawClient(port)
    await client.write(SIZED)
    await client.answers(1)
    await client.closed
    expect(client.ended).toBe(true)
  })

  test('a batch that takes the pipeline long is not the fault of its client', async () => {
    const pipeline = new HeldPipeline()
    const { port } = await startSource({ options, deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(SIZED)
    await until(() => pipeline.batches.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(pipeline.batches[0]?.signal.aborted).toBe(false)
    pipeline.settle(refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'away')))
    expect(statuses(await client.answers(1))).toEqual(['503'])
  })
})

test('connections beyond max_connections are closed at once', async () => {
  const { port } = await startSource({ options: { max_connections: 3 } })
  const held = Array.from({ length: 3 }, () => new RawClient(port))
  for (const client of held) {
    await client.write(SIZED)
    await client.answers(1)
  }
  const beyond = new RawClient(port)
  await beyond.closed
  expect(beyond.text).toBe('')
  held[0]?.socket.destroy()
  await held[0]?.closed
  const next = new RawClient(port)
  await next.write(SIZED)
  expect(statuses(await next.answers(1))).toEqual(['200'])
})
