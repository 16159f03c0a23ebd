import { createGzip, createZstdCompress } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { until } from '../suite.ts'
import { packedMode, RawClient, type StartOptions, startSource, textsOf } from './fixtures.ts'

const MIB = 1024 * 1024

/** Zeros, compressed: 200 MB are some 204 kB of gzip, and far fewer of zstd. */
async function bomb(compression: 'gzip' | 'zstd', size = 200): Promise<Buffer> {
  const stream = compression === 'gzip' ? createGzip({ level: 9 }) : createZstdCompress()
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  const block = Buffer.alloc(MIB)
  for (let written = 0; written < size; written += 1) {
    if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve))
  }
  stream.end()
  await new Promise((resolve) => stream.once('end', resolve))
  return Buffer.concat(parts)
}

/** A source, and the most bytes that were reserved of its budget. */
async function startWatched(options: StartOptions) {
  const started = await startSource(options)
  const { budget } = started.context
  let most = 0
  const take = budget.take.bind(budget)
  budget.take = (bytes) => {
    const taken = take(bytes)
    most = Math.max(most, budget.used)
    return taken
  }
  return { ...started, most: () => most }
}

const hex = (text: string) => Buffer.from(text, 'hex')
const wrapped = (content: Buffer) => Buffer.concat([hex('92a161'), content])

describe('MessagePack that claims more than there is', () => {
  test.each([
    ['nested arrays', Buffer.alloc(72_000, 0x91)],
    ['nested arrays of 5 MB', Buffer.alloc(5_000_000, 0x91)],
    ['nested maps', wrapped(Buffer.from('81a161'.repeat(24_000), 'hex'))],
    ['24,000 arrays of 65,535', Buffer.from('dcffff'.repeat(24_000), 'hex')],
    ['arrays of 65,535 beside each other', wrapped(Buffer.from(`dc8000${'dcffff'.repeat(24_000)}`, 'hex'))],
    ['an array of 2^32', hex('ddffffffff')],
    ['an array of 2^32 entries', wrapped(hex('ddffffffff'))],
    ['a map of 2^32', wrapped(hex('00dfffffffff'))],
    ['a str of 2^32', wrapped(hex('dbffffffff'))],
    ['a bin of 2^32', wrapped(hex('c6ffffffff'))],
    ['an extension of 2^32', wrapped(hex('c9ffffffff00'))],
  ])('%s is refused at once, and memory stays as it is', async (_, bytes) => {
    const { port, context, delivered, source, most } = await startWatched({ options: { max_message: '1MiB' } })
    const client = new RawClient(port)
    await client.write(bytes)
    await client.closed
    expect(source.counts()).toMatchObject({ clientsRefused: 1, accepted: 0 })
    expect(most()).toBeLessThan(128 * 1024)
    expect([delivered.length, context.budget.used]).toEqual([0, 0])
  })

  test('inside of a stream of entries is the format to judge: the source keeps the bytes that there are', async () => {
    const { port, context, most } = await startWatched({})
    const client = new RawClient(port)
    const content = Buffer.from('dcffff'.repeat(24_000), 'hex')
    await client.write(Buffer.from(encode(['a', content, { chunk: 'x' }])))
    await client.until(1)
    expect(most()).toBeLessThan(4 * content.length)
    expect(context.budget.used).toBe(0)
  })
})

describe.each(['gzip', 'zstd'] as const)('a bomb of 200 MB in %s', (compression) => {
  const message = async (option: object = { chunk: 'bomb' }) =>
    Buffer.from(encode(['a', await bomb(compression), { compressed: compression, ...option }]))

  test('costs no more than max_inflated, and is rejected; so is one that has no chunk', async () => {
    const limit = 4 * MIB
    const { port, context, delivered, source, most } = await startWatched({ options: { max_inflated: '4MiB' } })
    const client = new RawClient(port)
    await client.write(await message())
    expect(await client.until(1)).toEqual([{ ack: 'bomb' }])
    await client.write(await message({}))
    await until(() => source.counts().rejected === 2)
    expect(delivered).toHaveLength(0)
    for (const [, text] of context.lines) expect(text).toContain('FIELDSEAL_INPUT_TOO_LARGE')
    // The window of zstd, too.
    expect(most()).toBeLessThan(limit + 3 * MIB)
    expect(context.budget.used).toBe(0)
    // The connection is as good as before.
    await client.write(packedMode(['x'], { chunk: 'next' }))
    expect(await client.until(2)).toEqual([{ ack: 'bomb' }, { ack: 'next' }])
    expect(delivered.flatMap(textsOf)).toEqual(['x'])
  })

  test('costs no more than the budget where that is smaller, however many come together', async () => {
    const total = 6 * MIB
    const { port, context, delivered, most } = await startWatched({ limits: { total } })
    const bytes = await message()
    const clients = Array.from({ length: 12 }, () => new RawClient(port))
    await Promise.all(clients.map((client) => client.write(bytes)))
    await Promise.all(clients.map((client) => client.until(1)))
    for (const client of clients) client.socket.destroy()
    expect(delivered).toHaveLength(0)
    expect(most()).toBeLessThanOrEqual(total)
    await until(() => context.budget.used === 0)
  })
})

test('a message as large as allowed is taken, whole and inflated, and one byte more is rejected', async () => {
  const sizes: number[] = []
  const { port, context } = await startSource({
    options: { max_message: '1MiB' },
    deliver: async ({ bytes }) => {
      sizes.push(bytes.length)
      return { outcome: 'accepted', rejected: 0 }
    },
  })
  const client = new RawClient(port)
  const sized = (length: number) => {
    const rest = packedMode([''], { chunk: 'c' }).length
    const message = packedMode(['x'.repeat(length - rest - 10)], { chunk: 'c' })
    const missing = length - message.length
    return packedMode(['x'.repeat(length - rest - 10 + missing)], { chunk: 'c' })
  }
  await client.write(sized(MIB))
  await client.until(1)
  await client.write(sized(MIB + 1))
  await client.until(2)
  expect(sizes).toEqual([MIB])
  expect(await client.acks()).toEqual(['c', 'c'])
  expect(context.lines[0]?.[1]).toContain('max_message')
  expect(context.budget.used).toBe(0)
})
