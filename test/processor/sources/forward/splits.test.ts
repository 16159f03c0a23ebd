import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteBudget } from '../../../../processor/pipeline/byte-budget.ts'
import { type Framed, Framing } from '../../../../processor/sources/forward/framing.ts'
import {
  entriesOf,
  forwardMode,
  messageMode,
  packedAsText,
  packedMode,
  RawClient,
  startSource,
  textsOf,
} from './fixtures.ts'

const FRAMES: Readonly<Record<string, Buffer>> = {
  Message: messageMode('one', { chunk: 'c' }),
  Forward: forwardMode(['one', 'two'], { chunk: 'c', size: 2 }),
  PackedForward: packedMode(['one', 'two'], { chunk: 'c' }),
  'PackedForward as str': packedAsText(entriesOf(['one']), { chunk: 'c', compressed: 'text' }),
  CompressedPackedForward: Buffer.from(
    encode(['app.log', gzipSync(entriesOf(['one'])), { chunk: 'c', compressed: 'gzip' }]),
  ),
}

describe('split at every byte', () => {
  test.each(Object.entries(FRAMES))('%s is one message, acknowledged once', async (_, frame) => {
    const { port, delivered, context } = await startSource()
    const whole = new RawClient(port)
    await whole.write(frame)
    await whole.until(1)
    const expected = (delivered[0] as Buffer).toString('hex')
    for (let at = 1; at < frame.length; at += 1) {
      delivered.length = 0
      const client = new RawClient(port)
      await client.write(frame.subarray(0, at))
      // Another message goes all the way: by then the first part has come.
      if (at % 8 === 0) await new Promise((resolve) => setImmediate(resolve))
      await client.write(frame.subarray(at))
      expect(await client.until(1)).toEqual([{ ack: 'c' }])
      expect(delivered.map((bytes) => bytes.toString('hex'))).toEqual([expected])
      client.socket.destroy()
    }
    expect(context.budget.used).toBe(0)
  })

  test('all of them behind each other, byte by byte', async () => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    for (const byte of Buffer.concat(Object.values(FRAMES))) {
      client.socket.write(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await client.until(5)).toEqual(Array(5).fill({ ack: 'c' }))
    expect(delivered.flatMap(textsOf)).toEqual(['one', 'one', 'two', 'one', 'two', 'one', 'one'])
    expect(context.budget.used).toBe(0)
  })
})

describe('framing', () => {
  const budget = (total = 2 ** 30) => {
    const bytes = new ByteBudget(total)
    return { bytes, connection: bytes.connection(total) }
  }

  test('gives every value whole, wherever the stream is cut, and holds no more than it says', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 12 }), (lengths, places) => {
        const { bytes, connection } = budget()
        const values = lengths.map((length) => packedMode(['x'.repeat(length)], { chunk: String(length) }))
        const stream = Buffer.concat(values)
        const ends = [...places.map((place) => place % stream.length), stream.length].sort((a, b) => a - b)
        const framing = new Framing(connection, 100_000)
        const framed: Buffer[] = []
        let from = 0
        for (const end of ends) {
          const chunk = Buffer.from(stream.subarray(from, end))
          from = end
          for (let at = 0; at < chunk.length; ) {
            const frame = framing.read(chunk, at)
            if (frame === 'no room') throw new Error('no room')
            at = frame.next
            if (frame.value === undefined) continue
            const value = frame.value as Framed
            framed.push(Buffer.from(value.bytes))
            expect(value.starts.length).toBe(3)
            expect(value.bytes[value.starts[2] as number]).toBe(0x81)
            if (value.reservation !== undefined) expect(value.reservation.bytes).toBe(value.bytes.length)
            value.reservation?.release()
          }
          expect(bytes.used).toBe(framing.held)
        }
        expect(framed.map((value) => value.toString('hex'))).toEqual(values.map((value) => value.toString('hex')))
        expect([framing.started, bytes.used]).toEqual([false, 0])
      }),
      { numRuns: 60 },
    )
  })

  test('asks for room again where there was none, and goes on without scanning twice', () => {
    const { bytes, connection } = budget(150_000)
    const message = packedMode(['x'.repeat(100_000)], {})
    const framing = new Framing(connection, 120_000)
    bytes.take(120_000)
    const chunk = Buffer.from(message.subarray(0, 60_000))
    expect(framing.read(chunk, 0)).toBe('no room')
    expect(framing.read(chunk, 0)).toBe('no room')
    expect(framing.started).toBe(true)
    bytes.give(120_000)
    expect(framing.read(chunk, 0)).toEqual({ next: 60_000, value: undefined })
    const end = framing.read(Buffer.from(message.subarray(60_000)), 0)
    expect((end as { value: Framed }).value.bytes.equals(message)).toBe(true)
  })

  test('keeps nothing of what is too large, but its option', () => {
    const { bytes, connection } = budget()
    const framing = new Framing(connection, 1000)
    for (const message of [
      packedMode(['x'.repeat(2000)], { chunk: 'packed' }),
      forwardMode(
        Array.from({ length: 100 }, () => 'x'.repeat(10)),
        { chunk: 'forward' },
      ),
      messageMode('x'.repeat(2000), { chunk: 'message' }),
    ]) {
      for (let at = 0; at < message.length; at += 1) {
        const frame = framing.read(message.subarray(at, at + 1), 0) as { value: { oversized: Buffer } | undefined }
        // While it is kept it can have a segment more than it has bytes.
        expect(bytes.used).toBeLessThan(1000 + 3 * 4096)
        expect(frame.value === undefined).toBe(at < message.length - 1)
        if (frame.value !== undefined)
          expect(frame.value.oversized.toString('latin1')).toMatch(/chunk.(packed|forward|message)$/)
      }
      expect(bytes.used).toBe(0)
    }
  })

  test('does not read over what is many times as large as allowed', () => {
    const framing = new Framing(budget().connection, 1000)
    expect(() => framing.read(Buffer.from('92a161c600100000', 'hex'), 0)).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_INPUT_TOO_LARGE' }),
    )
  })
})
