import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Answered, ask, startSource } from './fixtures.ts'
import { rpcStatus } from './rpc-status.ts'

const MIB = 1024 * 1024

/** Text that is like logs: it compresses, and not to nothing. */
function logText(bytes: number): Buffer {
  const lines: string[] = []
  for (let length = 0, line = 0; length < bytes; line += 1) {
    const text = `{"body":"request ${line * 7919} took ${line % 977} ms","id":"${randomBytes(6).toString('hex')}"}\n`
    lines.push(text)
    length += text.length
  }
  return Buffer.from(lines.join('')).subarray(0, bytes)
}

/** The bytes in pieces of this size. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const message = ({ body, headers }: Answered) => rpcStatus(body, headers['content-type']).message
const gzip = (bytes: Buffer) => gzipSync(bytes, { level: 1 })
const zstd = (bytes: Buffer) => zstdCompressSync(bytes)

const TEXT = logText(700_000)

const CODINGS = [
  ['none', undefined, (bytes: Buffer) => bytes],
  ['gzip', 'gzip', gzip],
  ['x-gzip', 'X-GZip', gzip],
  ['zstd', 'zstd', zstd],
  ['several gzip members', 'gzip', (bytes: Buffer) => Buffer.concat(pieces(bytes, 90_001).map(gzip))],
  ['several zstd frames', 'zstd', (bytes: Buffer) => Buffer.concat(pieces(bytes, 90_001).map(zstd))],
  [
    'zstd with checksums',
    'zstd',
    (bytes: Buffer) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  ],
] as const

describe.each(CODINGS)('a body with %s', (_, coding, compress) => {
  const headers: Record<string, string> = coding === undefined ? {} : { 'Content-Encoding': coding }

  test.each([0, 1, 5, 4095, 16_384, 65_536, 65_537, 700_000])(
    'of %i bytes arrives whole, with a length',
    async (size) => {
      const { port, delivered, context } = await startSource()
      const body = TEXT.subarray(0, size)
      const { status } = await ask(port, { headers, body: compress(body) })
      // The concatenation of no members is no gzip.
      if (size === 0 && compress(body).length === 0 && coding !== undefined) expect(status).toBe(400)
      else expect([status, delivered[0]?.equals(body)]).toEqual([200, true])
      expect(context.budget.used).toBe(0)
    },
  )

  test.each([1, 7, 1000, 16_384, 100_000])('in chunks of %i bytes arrives whole, without a length', async (size) => {
    const { port, delivered, context } = await startSource()
    const body = TEXT.subarray(0, Math.min(TEXT.length, size * 400))
    const { status } = await ask(port, { headers, body: pieces(compress(body), size) })
    expect([status, delivered[0]?.equals(body)]).toEqual([200, true])
    expect(context.budget.used).toBe(0)
  })

  test('as large as the limits arrives, and one byte more is 413', async () => {
    const limit = 300_000
    const { port, delivered } = await startSource({ options: { max_inflated: limit } })
    const atLimit = TEXT.subarray(0, limit)
    const over = TEXT.subarray(0, limit + 1)
    for (const send of [compress, (bytes: Buffer) => pieces(compress(bytes), 10_000)]) {
      expect((await ask(port, { headers, body: send(atLimit) })).status).toBe(200)
      const refused = await ask(port, { headers, body: send(over) })
      expect([refused.status, refused.headers.connection]).toEqual([413, 'close'])
      expect(message(refused)).toContain(`max_inflated (${limit} bytes decompressed)`)
    }
    expect(delivered.map((bytes) => bytes.length)).toEqual([limit, limit])
  })

  test('of more bytes on the wire than max_wire is 413, with a length and without', async () => {
    const wire = compress(TEXT)
    const { port, delivered, context } = await startSource({ options: { max_wire: wire.length - 1 } })
    for (const body of [wire, pieces(wire, 10_000)]) {
      const refused = await ask(port, { headers, body })
      expect(refused.status).toBe(413)
      expect(message(refused)).toContain('max_wire')
    }
    expect(delivered).toHaveLength(0)
    expect(context.budget.used).toBe(0)
  })
})

describe.each([
  ['gzip', gzip],
  ['zstd', zstd],
] as const)('damaged %s', (coding, compress) => {
  const headers = { 'Content-Encoding': coding }
  const wire = compress(TEXT.subarray(0, 100_000))

  async function refusedAs400(body: Buffer): Promise<void> {
    const { port, delivered, context } = await startSource()
    for (const sent of [body, pieces(body, 1000)]) {
      const answer = await ask(port, { headers, body: sent })
      expect(answer.status).toBe(400)
      expect(message(answer)).toMatch(/^FIELDSEAL_INPUT_MALFORMED: /)
    }
    expect(delivered).toHaveLength(0)
    expect(context.budget.used).toBe(0)
  }

  test('of other bytes is 400', () => refusedAs400(TEXT.subarray(0, 5000)))
  test('of no bytes is 400', () => refusedAs400(Buffer.alloc(0)))
  test('that ends in the middle is 400', () => refusedAs400(wire.subarray(0, wire.length >> 1)))
  test('that lacks its last byte is 400', () => refusedAs400(wire.subarray(0, -1)))
  test('with something else behind it is 400', () => refusedAs400(Buffer.concat([wire, Buffer.from('more')])))
  test('with zeros behind it is 400', () => refusedAs400(Buffer.concat([wire, Buffer.alloc(4)])))
  test('whose second part is cut off is 400', () => refusedAs400(Buffer.concat([wire, wire.subarray(0, 20)])))
  test('with a flipped bit is 400, where it has a checksum', async () => {
    const { port, delivered } = await startSource()
    const checked =
      coding === 'gzip'
        ? wire
        : zstdCompressSync(TEXT.subarray(0, 100_000), { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
    for (let at = 30; at < checked.length; at += Math.ceil(checked.length / 60)) {
      const flipped = Buffer.from(checked)
      flipped[at] = flipped[at]! ^ 0x10
      expect((await ask(port, { headers, body: flipped })).status).toBe(400)
    }
    expect(delivered).toHaveLength(0)
  })
})

describe('zstd of others', () => {
  const headers = { 'Content-Encoding': 'zstd' }
  const here = (() => {
    try {
      execFileSync('zstd', ['--version'])
      return true
    } catch {
      return false
    }
  })()

  test.skipIf(!here)('of the zstd command, at all levels, arrives whole [needs the zstd command]', async () => {
    const { port, delivered } = await startSource()
    for (const options of [['-1'], ['-19'], ['--no-check'], ['--long=23'], ['--fast=5'], ['-3', '--no-content-size']]) {
      const wire = execFileSync('zstd', ['-q', '-c', ...options], { input: TEXT, maxBuffer: 64 * MIB })
      expect((await ask(port, { headers, body: wire })).status).toBe(200)
      expect(delivered.pop()?.equals(TEXT)).toBe(true)
    }
  })

  test('frames to be skipped are skipped (RFC 8878 section 3.1.2)', async () => {
    const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')])
    const { port, delivered } = await startSource()
    const body = Buffer.concat([skippable, zstd(TEXT), skippable, zstd(TEXT)])
    for (const sent of [body, pieces(body, 5)]) {
      expect((await ask(port, { headers, body: sent })).status).toBe(200)
      expect(delivered.pop()?.equals(Buffer.concat([TEXT, TEXT]))).toBe(true)
    }
  })

  test.skipIf(!here)('a window of more than 8 MiB is 400 [needs the zstd command]', async () => {
    const { port } = await startSource()
    const wire = execFileSync('zstd', ['-q', '-c', '--long=27'], { input: Buffer.alloc(20 * MIB), maxBuffer: 64 * MIB })
    const answer = await ask(port, { headers, body: wire })
    expect(answer.status).toBe(400)
    expect(message(answer)).toContain('window')
  })

  test('more frames than any client makes are 400', async () => {
    const { port } = await startSource()
    const frame = zstd(Buffer.from('x'))
    const answer = await ask(port, { headers, body: Buffer.concat(Array.from({ length: 5000 }, () => frame)) })
    expect(answer.status).toBe(400)
  })
})
