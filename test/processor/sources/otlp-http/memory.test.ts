import { createGzip, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { ask, RawClient, rawRequest, startSource } from './fixtures.ts'

const MIB = 1024 * 1024

/** 200 MB of zeros as gzip: some 204 kB. */
async function bomb(): Promise<Buffer> {
  const gzip = createGzip({ level: 9 })
  const parts: Buffer[] = []
  gzip.on('data', (part) => parts.push(part))
  const block = Buffer.alloc(MIB)
  for (let written = 0; written < 200; written += 1) {
    if (!gzip.write(block)) await new Promise((resolve) => gzip.once('drain', resolve))
  }
  gzip.end()
  await new Promise((resolve) => gzip.once('end', resolve))
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

describe('a gzip bomb of 200 MB in 204 kB', () => {
  test('costs no more memory than the limit', async () => {
    const wire = await bomb()
    expect(wire.length).toBeLessThan(210_000)
    const limit = 8 * MIB
    const { port, context, delivered } = await startSource({ options: { max_inflated: limit } })
    let mostReserved = 0
    const reserved = setInterval(() => {
      mostReserved = Math.max(mostReserved, context.budget.used)
    }, 1)
    const most = await mostBuffers(async () => {
      for (const body of [wire, [wire]]) {
        expect((await ask(port, { headers: { 'Content-Encoding': 'gzip' }, body })).status).toBe(413)
      }
    })
    clearInterval(reserved)
    // Twice the limit: the second request comes before the collector has been for what the first one left.
    expect(most).toBeLessThan(2 * limit + 4 * MIB)
    expect(mostReserved).toBeLessThan(limit + MIB)
    expect(delivered).toHaveLength(0)
    expect(context.budget.used).toBe(0)
  })

  test('costs no more than the budget where that is smaller, however many come together', async () => {
    const wire = await bomb()
    const total = 6 * MIB
    const { port, context } = await startSource({ limits: { total } })
    const most = await mostBuffers(async () => {
      const asked = Array.from({ length: 20 }, () => ask(port, { headers: { 'Content-Encoding': 'gzip' }, body: wire }))
      const statuses = new Set((await Promise.all(asked)).map(({ status }) => status))
      // Those that had it for themselves are told that they never fit.
      expect([...statuses].every((status) => status === 413 || status === 503)).toBe(true)
    })
    expect(most).toBeLessThan(5 * total)
    expect(context.budget.used).toBe(0)
  })
})

describe.each([
  ['20 MiB', 20 * MIB, { max_wire: '20MiB' }],
  ['64 MiB', 64 * MIB, { max_wire: '64MiB' }],
] as const)('with limits of %s', (_, limit, options) => {
  test('a body of that size is taken as one, with a length and in chunks, and one byte more is not', async () => {
    const sizes: number[] = []
    const deliver = async ({ bytes }: { bytes: Buffer }) => {
      sizes.push(bytes.length)
      return accepted()
    }
    const { port, context } = await startSource({ options, deliver })
    const body = Buffer.alloc(limit, 'x')
    for (const sent of [body, [body]]) expect((await ask(port, { body: sent })).status).toBe(200)
    expect(sizes).toEqual([limit, limit])
    const more = Buffer.alloc(limit + 1, 'x')
    for (const sent of [more, [more]]) expect((await ask(port, { body: sent })).status).toBe(413)
    expect(context.budget.used).toBe(0)
  })
})

test('a body that inflates to 64 MiB is taken, and one byte more is not, by default', async () => {
  const { port, context } = await startSource()
  const headers = { 'Content-Encoding': 'gzip' }
  const body = Buffer.alloc(64 * MIB, 'log line\n')
  expect((await ask(port, { headers, body: gzipSync(body, { level: 1 }) })).status).toBe(200)
  const more = Buffer.concat([body, Buffer.from('x')])
  expect((await ask(port, { headers, body: gzipSync(more, { level: 1 }) })).status).toBe(413)
  expect(context.budget.used).toBe(0)
})

test('a body in chunks of one byte takes hardly more memory than it has bytes', async () => {
  const { port, context } = await startSource()
  const client = new RawClient(port)
  const [head] = rawRequest('').toString().replace('Content-Length: 0', 'Transfer-Encoding: chunked').split('\r\n\r\n')
  await client.write(`${head}\r\n\r\n`)
  const bytes = MIB / 2
  const chunk = Buffer.from('1\r\nx\r\n'.repeat(16 * 1024))
  for (let sent = 0; sent < bytes; sent += 16 * 1024) await client.write(chunk)
  while (context.budget.used < bytes) await new Promise((resolve) => setImmediate(resolve))
  expect(context.budget.used).toBeLessThan(bytes + 128 * 1024)
  await client.write('0\r\n\r\n')
  expect((await client.answers(1))[0]).toMatch(/^HTTP\/1\.1 200 /)
  expect(context.budget.used).toBe(0)
})

test('what is announced is reserved before it comes', async () => {
  const { port, context } = await startSource()
  const client = new RawClient(port)
  await client.write(rawRequest(Buffer.alloc(1_000_000)).subarray(0, -1_000_000))
  while (context.budget.used === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(context.budget.used).toBe(1_000_000)
  client.socket.destroy()
  while (context.budget.used > 0) await new Promise((resolve) => setImmediate(resolve))
})
