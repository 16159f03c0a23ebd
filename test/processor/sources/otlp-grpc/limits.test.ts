import { createGzip, gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { STREAM_WINDOW } from '../../../../processor/sources/otlp-grpc/connection.ts'
import { HeldPipeline, until } from '../suite.ts'
import { ask, batchOf, clientTo, framed, RawClient, startSource } from './fixtures.ts'

const MIB = 1024 * 1024
const GZIP = { 'grpc-encoding': 'gzip' }

/** The prefix of a message of which nothing else comes. */
function prefix(length: number, compressed = false): Buffer {
  const bytes = framed(Buffer.alloc(0), compressed)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

async function bomb(): Promise<Buffer> {
  const gzip = createGzip()
  const parts: Buffer[] = []
  gzip.on('data', (part) => parts.push(part))
  const zeros = Buffer.alloc(MIB)
  for (let written = 0; written < 200; written += 1) {
    await new Promise((resolve) => gzip.write(zeros, resolve))
  }
  await new Promise((resolve) => gzip.end(resolve))
  return Buffer.concat(parts)
}

/** The most bytes in buffers outside the heap while something runs, above those before. */
async function mostBuffers(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }, 1)
  await run()
  clearInterval(look)
  return most
}

describe('a message that is too large', () => {
  const TOO_LARGE = { 'grpc-status': '8' }

  test('as it is sent is RESOURCE_EXHAUSTED without RetryInfo, before any of it has come', async () => {
    const { address, context } = await startSource({ options: { max_wire: '1MiB' } })
    const client = new RawClient(address)
    for (const compressed of [false, true]) {
      const call = client.call(GZIP)
      await call.write(prefix(MIB + 1, compressed))
      const answer = await call.answer
      expect(answer).toMatchObject(TOO_LARGE)
      expect(decodeURI(String(answer['grpc-message']))).toContain('max_wire (1048576 bytes as sent)')
    }
    const { status: told } = await ask(clientTo(address), Buffer.alloc(MIB + 1))
    expect(told).toMatchObject({ code: 8, details: [] })
    expect(context.budget.used).toBe(0)
  })

  test('decompressed is RESOURCE_EXHAUSTED, too, and one that just fits is taken', async () => {
    const sizes: number[] = []
    const deliver = async ({ bytes }: { bytes: Buffer }) => {
      sizes.push(bytes.length)
      return accepted()
    }
    const { address, context } = await startSource({ options: { max_inflated: '1MiB' }, deliver })
    const client = new RawClient(address)
    const send = (bytes: Buffer, compressed: boolean) => client.call(GZIP).end(framed(bytes, compressed)).answer
    for (const [length, expected] of [
      [MIB, { 'grpc-status': '0' }],
      [MIB + 1, TOO_LARGE],
    ] as const) {
      expect(await send(gzipSync(Buffer.alloc(length)), true)).toMatchObject(expected)
      expect(await send(Buffer.alloc(length), false)).toMatchObject(expected)
    }
    expect(sizes).toEqual([MIB, MIB])
    expect(context.budget.used).toBe(0)
  })

  test('by default is one over 64 MiB, compressed or not', async () => {
    const sizes: number[] = []
    const deliver = async ({ bytes }: { bytes: Buffer }) => {
      sizes.push(bytes.length)
      return accepted()
    }
    const { address } = await startSource({ deliver })
    const client = new RawClient(address)
    const bytes = Buffer.alloc(64 * MIB, 'log line\n')
    const zipped = gzipSync(bytes, { level: 1 })
    expect(await client.call(GZIP).end(framed(zipped, true)).answer).toMatchObject({ 'grpc-status': '0' })
    expect((await ask(clientTo(address), bytes)).code).toBe(0)
    const more = gzipSync(Buffer.concat([bytes, Buffer.from('x')]), { level: 1 })
    expect(await client.call(GZIP).end(framed(more, true)).answer).toMatchObject(TOO_LARGE)
    expect(sizes).toEqual([bytes.length, bytes.length])
  })

  test('for what there may ever be in memory is refused for good', async () => {
    const { address, context } = await startSource({ limits: { total: 8 * MIB, connection: 2 * MIB } })
    const told = await ask(clientTo(address), Buffer.alloc(3 * MIB))
    expect(told).toMatchObject({ code: status.RESOURCE_EXHAUSTED, status: { details: [] } })
    expect(told.details).toContain('service.in_flight.connection')
    expect(context.budget.used).toBe(0)
  })
})

describe('a gzip bomb of 200 MB in 204 kB', () => {
  test('costs no more memory than the limit', async () => {
    const wire = framed(await bomb(), true)
    expect(wire.length).toBeLessThan(210_000)
    const limit = 8 * MIB
    const { address, context, delivered } = await startSource({ options: { max_inflated: limit } })
    const client = new RawClient(address)
    let mostReserved = 0
    const reserved = setInterval(() => {
      mostReserved = Math.max(mostReserved, context.budget.used)
    }, 1)
    const most = await mostBuffers(async () => {
      for (let round = 0; round < 2; round += 1) {
        expect(await client.call(GZIP).end(wire).answer).toMatchObject({ 'grpc-status': '8' })
      }
    })
    clearInterval(reserved)
    // Twice the limit: the second one comes before the collector has been for what the first one left.
    expect(most).toBeLessThan(2 * limit + 4 * MIB)
    expect(mostReserved).toBeLessThan(limit + MIB)
    expect([delivered, context.budget.used]).toEqual([[], 0])
  })

  test('costs no more than the budget where that is smaller, however many come together', async () => {
    const wire = framed(await bomb(), true)
    const total = 6 * MIB
    const { address, context } = await startSource({ limits: { total } })
    const client = new RawClient(address)
    const most = await mostBuffers(async () => {
      const calls = Array.from({ length: 20 }, () => client.call(GZIP).end(wire).answer)
      const codes = new Set((await Promise.all(calls)).map((answer) => answer['grpc-status']))
      // Those that had it for themselves are told that they never fit.
      expect([...codes].every((code) => code === '8' || code === '14')).toBe(true)
    })
    expect(most).toBeLessThan(5 * total)
    expect(context.budget.used).toBe(0)
  })
})

describe('memory', () => {
  test('is reserved with the headers of a call, for its message once its length is known, and before it comes', async () => {
    const { address, context } = await startSource()
    const call = new RawClient(address).call()
    await until(() => context.budget.used > 0)
    const itself = context.budget.used
    expect(itself).toBeGreaterThan(STREAM_WINDOW)
    await call.write(prefix(1_000_000))
    await until(() => context.budget.used > itself)
    expect(context.budget.used).toBe(itself + 1_000_000)
    call.cancel()
    await until(() => context.budget.used === 0)
  })

  test('of a message in frames of one byte is hardly more than it has bytes', async () => {
    const { address, context, delivered } = await startSource()
    const call = new RawClient(address).call(GZIP)
    const message = gzipSync(batchOf('x'.repeat(100)))
    let most = 0
    for (const byte of framed(message, true)) {
      await call.write(Buffer.from([byte]))
      most = Math.max(most, context.budget.used)
    }
    call.end()
    expect(await call.answer).toMatchObject({ 'grpc-status': '0' })
    expect(most).toBeLessThan(STREAM_WINDOW + 256 * 1024)
    expect([delivered.length, context.budget.used]).toEqual([1, 0])
  })

  test('that others have is asked for later: UNAVAILABLE with RetryInfo, for one connection and for all', async () => {
    const limits = { total: 3 * MIB, connection: 2 * MIB }
    const pipeline = new HeldPipeline()
    const { address, context } = await startSource({ limits, deliver: pipeline.deliver })
    const [one, other] = [clientTo(address), clientTo(address)]
    const held = ask(one, Buffer.alloc(1.5 * MIB))
    await until(() => pipeline.batches.length === 1)
    for (const [client, what] of [
      [one, 'this connection'],
      [other, 'all connections'],
    ] as const) {
      const told = await ask(client, Buffer.alloc(1.5 * MIB))
      expect(told.code).toBe(status.UNAVAILABLE)
      expect(told.details).toContain(what)
      expect(told.status?.details).toEqual([{ type: 'RetryInfo', value: { retry_delay: { seconds: '1' } } }])
    }
    pipeline.settle(accepted())
    expect((await held).code).toBe(0)
    await until(() => context.budget.used === 0)
    expect(pipeline.batches).toHaveLength(1)
  })

  test('of calls whose messages do not come is bounded, too', async () => {
    const { address, context } = await startSource({ limits: { total: MIB } })
    const clients = [new RawClient(address), new RawClient(address)]
    const codes: unknown[] = []
    for (const client of clients) {
      for (let count = 0; count < 50; count += 1) {
        void client.call().answer.then((answer) => codes.push(answer['grpc-status']))
      }
    }
    const admitted = Math.floor(MIB / (STREAM_WINDOW + 8 * 1024))
    await until(() => codes.length === 100 - admitted)
    expect(new Set(codes)).toEqual(new Set(['14']))
    expect(context.budget.used).toBe(admitted * (STREAM_WINDOW + 8 * 1024))
  })
})

describe('a client that is slow', () => {
  test('to send is told to try again after request_timeout, and its memory is free', async () => {
    const { address, context, delivered } = await startSource({ options: { request_timeout: '1s' } })
    const call = new RawClient(address).call()
    await call.write(framed(batchOf('slow')).subarray(0, -1))
    const answer = await call.answer
    expect(answer).toMatchObject({ 'grpc-status': '14' })
    expect(decodeURI(String(answer['grpc-message']))).toContain('did not come within request_timeout')
    await until(() => context.budget.used === 0)
    expect(delivered).toEqual([])
  })

  test('to take its answer loses its connection', async () => {
    const { address, context } = await startSource({ options: { request_timeout: '1s' } })
    // RFC 9113 section 6.9.2: nobody may send it a byte of data.
    const client = new RawClient(address, { settings: { initialWindowSize: 0 } })
    client.call().end(framed(batchOf('x')))
    await client.closed
    await until(() => context.budget.used === 0)
  })

  test('with a deadline that has passed has it told, and its batch is aborted', async () => {
    const pipeline = new HeldPipeline()
    const { address, context } = await startSource({ deliver: pipeline.deliver })
    const call = new RawClient(address).call({ 'grpc-timeout': '100m' }).end(framed(batchOf('late')))
    await until(() => pipeline.batches.length === 1)
    expect(await call.answer).toMatchObject({ 'grpc-status': String(status.DEADLINE_EXCEEDED) })
    expect(pipeline.batches[0]?.signal.aborted).toBe(true)
    expect(context.budget.used).toBeGreaterThan(0)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
  })

  test('whose deadline passes while it sends is not waited for', async () => {
    const { address, context, delivered } = await startSource()
    const call = new RawClient(address).call({ 'grpc-timeout': '100m' })
    await call.write(framed(batchOf('late')).subarray(0, -1))
    expect(await call.answer).toMatchObject({ 'grpc-status': String(status.DEADLINE_EXCEEDED) })
    await until(() => context.budget.used === 0)
    expect(delivered).toEqual([])
  })

  test('and cancels its call aborts that one alone', async () => {
    const pipeline = new HeldPipeline()
    const { address } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(address)
    const [first, second] = [client.call().end(framed(batchOf('first'))), client.call().end(framed(batchOf('second')))]
    await until(() => pipeline.batches.length === 2)
    first.cancel()
    await until(() => pipeline.batches[0]?.signal.aborted === true)
    expect(pipeline.batches[1]?.signal.aborted).toBe(false)
    pipeline.settle(accepted())
    expect(await second.answer).toMatchObject({ 'grpc-status': '0' })
  })
})
