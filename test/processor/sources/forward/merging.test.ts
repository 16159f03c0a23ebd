import { decode, decodeMulti, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { HeldPipeline, until } from '../suite.ts'
import { forwardMode, messageMode, packedMode, RawClient, startSource, textsOf } from './fixtures.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index))

describe('events that come one by one', () => {
  test('go to the pipeline together, in order, and each is acknowledged by itself', async () => {
    const { port, delivered, source, context } = await startSource()
    const client = new RawClient(port)
    const texts = numbers(0, 500)
    await client.write(Buffer.concat(texts.map((text) => messageMode(text, { chunk: text }))))
    await client.until(texts.length)
    expect(await client.acks()).toEqual(texts)
    expect(delivered.flatMap(textsOf)).toEqual(texts)
    expect(delivered.length).toBeLessThan(20)
    expect(source.counts().accepted).toBe(texts.length)
    expect(context.budget.used).toBe(0)
  })

  test('become one message in PackedForward mode, with times and records as they were', async () => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    const time = Buffer.from('d7006554321000000001', 'hex')
    const events = numbers(0, 3).map((text) =>
      Buffer.concat([
        Buffer.from([0x93]),
        encode('a.b'),
        time,
        encode({ log: text, n: 2n ** 60n }, { useBigInt64: true }),
      ]),
    )
    await client.write(Buffer.concat(events))
    client.socket.end()
    await client.closed
    const [tag, entries] = decode(delivered[0] as Buffer) as [string, Uint8Array]
    expect(tag).toBe('a.b')
    const expected = Buffer.concat(events.flatMap((event) => [Buffer.from([0x92]), event.subarray(1 + 4)]))
    expect(Buffer.from(entries).toString('hex')).toBe(expected.toString('hex'))
    expect([...decodeMulti(entries)]).toHaveLength(3)
  })

  test('gather while a message is passed on, and go together then', async () => {
    const pipeline = new HeldPipeline()
    const { port, delivered } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(messageMode('first', { chunk: 'first' }))
    await until(() => pipeline.batches.length === 1)
    for (const text of numbers(0, 50)) await client.write(messageMode(text, { chunk: text }))
    // A message on another connection goes all the way meanwhile.
    const other = new RawClient(port)
    await other.write(messageMode('other', { chunk: 'other' }))
    await until(() => pipeline.batches.length === 2)
    expect(await client.acks()).toEqual([])
    pipeline.settle(accepted())
    await until(() => pipeline.batches.length === 3)
    pipeline.settle(accepted())
    while ((await client.acks()).length < 51) {
      await new Promise((resolve) => setImmediate(resolve))
      pipeline.settle(accepted())
    }
    expect(delivered.flatMap(textsOf).filter((text) => text !== 'other')).toEqual(['first', ...numbers(0, 50)])
    expect(delivered.length).toBeLessThan(10)
  })

  test.each([
    ['of another tag', Buffer.from(encode(['other', 1, { log: 'x' }]))],
    ['with metadata', messageMode('x', { metadata: { a: 1 } })],
    ['with a chunk where the others have none', messageMode('x', { chunk: 'x' })],
    [
      'that mark a group',
      Buffer.concat([
        Buffer.from([0x93]),
        encode('app.log'),
        Buffer.from('d700ffffffff00000000', 'hex'),
        encode({ log: 'x' }),
      ]),
    ],
    ['in another mode', forwardMode(['x'])],
    ['in a packed mode', packedMode(['x'])],
    ['with a nil time', Buffer.from(encode(['app.log', null, { log: 'x' }]))],
  ])('and events %s go by themselves', async (_, message) => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.concat([messageMode('a'), messageMode('b'), message, messageMode('c'), messageMode('d')]))
    client.socket.end()
    await client.closed
    expect(delivered.flatMap(textsOf)).toEqual(['a', 'b', 'x', 'c', 'd'])
    expect(delivered.some((bytes) => bytes.equals(message))).toBe(true)
    expect(delivered.map((bytes) => textsOf(bytes).length)).toEqual([2, 1, 2])
  })

  test('any mixture keeps its order, and none is lost or doubled', async () => {
    const kind = fc.constantFrom('message', 'acked', 'forward', 'packed', 'tagged')
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 4 }), async (kinds, cuts) => {
        const { port, delivered } = await startSource()
        const client = new RawClient(port)
        const messages = kinds.map((mode, index) => {
          const text = String(index)
          if (mode === 'message') return messageMode(text)
          if (mode === 'acked') return messageMode(text, { chunk: text })
          if (mode === 'forward') return forwardMode([text], { chunk: text })
          return mode === 'packed'
            ? packedMode([text])
            : Buffer.from(encode(['other', 1, { log: text }, { chunk: text }]))
        })
        const stream = Buffer.concat(messages)
        let from = 0
        for (const end of [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b)) {
          await client.write(stream.subarray(from, end))
          from = end
        }
        client.socket.end()
        await client.closed
        expect(delivered.flatMap(textsOf)).toEqual(kinds.map((_, index) => String(index)))
        expect(await client.acks()).toEqual(
          kinds.flatMap((mode, index) => (mode === 'message' || mode === 'packed' ? [] : [String(index)])),
        )
      }),
      { numRuns: 30 },
    )
  })
})

describe('one that is wrong among many', () => {
  const MALFORMED = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'a record is malformed')

  test('is found by halves: the others are passed on, once and in order', async () => {
    const passed: string[] = []
    const { port, source, context } = await startSource({
      deliver: async ({ bytes }) => {
        const texts = textsOf(bytes)
        if (texts.includes('17') || texts.includes('18')) return refused(MALFORMED)
        passed.push(...texts)
        return accepted()
      },
    })
    const client = new RawClient(port)
    const texts = numbers(0, 64)
    await client.write(Buffer.concat(texts.map((text) => messageMode(text, { chunk: text }))))
    await client.until(64)
    expect(passed).toEqual(texts.filter((text) => text !== '17' && text !== '18'))
    expect(await client.acks()).toEqual(texts)
    expect(source.counts()).toMatchObject({ accepted: 62, rejected: 2 })
    expect(context.budget.used).toBe(0)
  })

  test('ends the connection where it is not to be acknowledged, and nothing behind it is', async () => {
    const { port, source, context } = await startSource({
      options: { rejected: 'keep' },
      deliver: async ({ bytes }) => (textsOf(bytes).includes('5') ? refused(MALFORMED) : accepted()),
    })
    const client = new RawClient(port)
    await client.write(Buffer.concat(numbers(0, 16).map((text) => messageMode(text, { chunk: text }))))
    await client.closed
    expect(await client.acks()).toEqual(['0', '1', '2', '3', '4'])
    expect(source.counts()).toMatchObject({ accepted: 5, rejected: 0, refused: 1 })
    expect(context.lines.map(([event]) => event)).toEqual(['message-refused'])
    expect(context.budget.used).toBe(0)
  })
})
