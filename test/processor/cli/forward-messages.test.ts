import { Readable } from 'node:stream'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runFilter } from '../../../processor/cli/filter.ts'
import { EVERYONE, engineFor, openAs } from '../engine/fixtures.ts'
import { capturedIo } from './captured-io.ts'

const LIMITS = { record: 1 << 20, batch: 4096 }

const MESSAGES = [
  ['app', 1, { log: 'of jane@example.com' }],
  ['app', [[1, { log: 'nothing' }]], { size: 1 }],
  ['app', Buffer.from(encode([1, { log: 'to joe@example.com' }])), { size: 1 }],
].map((message) => Buffer.from(encode(message)))
const HEARTBEAT = Buffer.from([0xc0])

/** @param sizes - of the chunks; the last one goes on. */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)]!
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

async function filtered(
  bytes: Buffer,
  transform: (message: Buffer, number: number) => Buffer,
  onError: 'stop' | 'skip' = 'skip',
  sizes: readonly number[] = [bytes.length],
) {
  const parts: Buffer[] = []
  const io = { ...capturedIo(), stdin: Readable.from(chunksOf(bytes, sizes)) }
  const take = (message: Buffer, number: number) => {
    const result = transform(message, number)
    parts.push(result)
    return result
  }
  const exit = await runFilter({ format: 'forward', limits: LIMITS, onError, transform: take }, io)
  return { exit, parts, complained: io.complained() }
}

describe('a stream of messages of Fluent Forward', () => {
  test('is cut where messages end, however it comes in chunks', async () => {
    const all = [...MESSAGES, HEARTBEAT, ...MESSAGES]
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(sizes, async (chunks) => {
        const { exit, parts, complained } = await filtered(Buffer.concat(all), (message) => message, 'stop', chunks)
        expect({ exit, complained }).toEqual({ exit: 0, complained: '' })
        expect(parts).toEqual(all)
      }),
      { numRuns: 50 },
    )
  })

  test('is sealed message by message, and opens again', async () => {
    const engine = engineFor([{ id: 'mails', detect: 'email', seal: { to: 'all' } }])
    const { parts } = await filtered(Buffer.concat(MESSAGES), (message) => engine.seal(message, 'forward').bytes)
    engine.close()
    expect(Buffer.concat(parts).includes('@example.com')).toBe(false)
    const opened = parts.map((message) => openAs(EVERYONE, message, 'forward').bytes)
    expect(opened[0]).toEqual(MESSAGES[0])
    expect(opened[1]).toEqual(MESSAGES[1])
    expect(opened[2]!.includes('joe@example.com')).toBe(true)
  })

  test('has a message over the limit left out, and what follows it taken', async () => {
    const large = Buffer.from(encode(['app', 1, { log: 'x'.repeat(10_000) }]))
    const all = Buffer.concat([MESSAGES[0]!, large, MESSAGES[1]!])
    for (const size of [all.length, 100, 1]) {
      const { parts, complained } = await filtered(all, (message) => message, 'skip', [size])
      expect(parts).toEqual([MESSAGES[0], MESSAGES[1]])
      expect(complained).toContain('message 2: FIELDSEAL_INPUT_TOO_LARGE the message is over limits.batch (left out)')
    }
  })

  test('has a message that is none left out by its number', async () => {
    const engine = engineFor([{ id: 'mails', detect: 'email', seal: { to: 'all' } }])
    const all = Buffer.concat([MESSAGES[1]!, Buffer.from(encode(['app', 1])), MESSAGES[1]!])
    const { exit, parts, complained } = await filtered(all, (message) => engine.seal(message, 'forward').bytes)
    engine.close()
    expect({ exit, parts: parts.length }).toEqual({ exit: 0, parts: 2 })
    expect(complained).toContain('message 2: FIELDSEAL_INPUT_MALFORMED')
  })

  test('ends where it is no MessagePack, since nobody knows where the next message begins', async () => {
    const all = Buffer.concat([MESSAGES[0]!, Buffer.from([0x91, 0xc1]), MESSAGES[1]!])
    const { exit, parts, complained } = await filtered(all, (message) => message)
    expect({ exit, parts: parts.length }).toEqual({ exit: 65, parts: 1 })
    expect(complained).toContain('FIELDSEAL_INPUT_MALFORMED')
  })

  test('that is cut off says so', async () => {
    const all = Buffer.concat([MESSAGES[0]!, MESSAGES[1]!.subarray(0, 5)])
    const { exit, parts, complained } = await filtered(all, (message) => message, 'stop')
    expect({ exit, parts: parts.length }).toEqual({ exit: 65, parts: 1 })
    expect(complained).toContain('message 2: FIELDSEAL_INPUT_MALFORMED the last message is cut off')
  })

  test('with a count that cannot be true keeps nothing of it', async () => {
    const all = Buffer.concat([MESSAGES[0]!, Buffer.from('ddffffffff', 'hex'), Buffer.alloc(100_000)])
    const { exit, complained } = await filtered(all, (message) => message, 'stop', [1000])
    expect(exit).toBe(65)
    expect(complained).toContain('message 2: FIELDSEAL_INPUT_MALFORMED the last message is cut off')
  })
})
