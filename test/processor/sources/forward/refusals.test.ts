import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { HeldPipeline, until } from '../suite.ts'
import { messageMode, packedMode, RawClient, startSource, textsOf } from './fixtures.ts'

const BUSY = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'the backend is away')
const MALFORMED = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'a record is malformed')

describe('a message with a chunk that is refused', () => {
  test('is not acknowledged; what came before is, what came behind is not passed on, and the connection ends', async () => {
    const passed: string[] = []
    const { port, source, context } = await startSource({
      deliver: async ({ bytes }) => {
        const [text = ''] = textsOf(bytes)
        if (text === 'b') return refused(BUSY)
        passed.push(text)
        return accepted()
      },
    })
    const client = new RawClient(port)
    await client.write(Buffer.concat(['a', 'b', 'c'].map((text) => packedMode([text], { chunk: text }))))
    await client.closed
    expect([await client.acks(), passed]).toEqual([['a'], ['a']])
    expect(client.ended).toBe(true)
    expect(source.counts()).toMatchObject({ accepted: 1, refused: 1, lost: 0 })
    expect(context.budget.used).toBe(0)
    const again = new RawClient(port)
    await again.write(packedMode(['c'], { chunk: 'c' }))
    expect(await again.until(1)).toEqual([{ ack: 'c' }])
  })

  test('does not take messages without a chunk with it that came on the same connection', async () => {
    const passed: string[] = []
    const { port } = await startSource({
      deliver: async ({ bytes }) => {
        const [text = ''] = textsOf(bytes)
        if (text === 'b') return refused(BUSY)
        passed.push(text)
        return accepted()
      },
    })
    const client = new RawClient(port)
    await client.write(
      Buffer.concat([
        packedMode(['a']),
        packedMode(['b'], { chunk: 'b' }),
        packedMode(['c']),
        packedMode(['d'], { chunk: 'd' }),
      ]),
    )
    await client.closed
    expect([await client.acks(), passed]).toEqual([[], ['a', 'c']])
  })

  test('for good is logged once for each of the first, and then counted', async () => {
    const { port, source, context } = await startSource({ deliver: async () => refused(MALFORMED) })
    const client = new RawClient(port)
    await client.write(
      Buffer.concat(Array.from({ length: 50 }, (_, index) => packedMode(['x'], { chunk: String(index) }))),
    )
    await client.until(50)
    expect(source.counts().rejected).toBe(50)
    expect(context.lines).toHaveLength(20)
    await source.close()
    expect(context.lines).toHaveLength(21)
    expect(context.lines.at(-1)?.[1]).toContain('"count":30')
  })

  test('for good is kept by its client where `rejected` says so', async () => {
    const { port, source } = await startSource({
      options: { rejected: 'keep' },
      deliver: async () => refused(MALFORMED),
    })
    const client = new RawClient(port)
    await client.write(packedMode(['x'], { chunk: 'x' }))
    await client.closed
    expect([await client.acks(), source.counts().refused]).toEqual([[], 1])
  })
})

describe('a message without a chunk', () => {
  test('is tried again until it is accepted, with the same bytes, while nothing more is taken of its client', async () => {
    let attempts = 0
    const seen: string[] = []
    const { port, source, context, delivered } = await startSource({
      deliver: async ({ bytes }) => {
        seen.push(...textsOf(bytes))
        // The pipeline may free what it is given.
        bytes.fill(0)
        attempts += 1
        return attempts < 4 ? refused(BUSY, 5) : accepted()
      },
    })
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['a']), packedMode(['b'])]))
    client.socket.end()
    await client.closed
    expect(seen).toEqual(['a', 'a', 'a', 'a', 'b'])
    expect(new Set(delivered.slice(0, 4).map((bytes) => bytes.toString('hex'))).size).toBe(1)
    expect(source.counts()).toMatchObject({ accepted: 2, refused: 0, lost: 0 })
    expect([context.lines, context.budget.used]).toEqual([[], 0])
  })

  test('is tried again when its client is long gone', async () => {
    const pipeline = new HeldPipeline()
    const { port, context } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(Buffer.concat([messageMode('a'), packedMode(['b'])]))
    await until(() => pipeline.batches.length === 1)
    client.socket.resetAndDestroy()
    await client.closed
    expect(pipeline.batches[0]?.signal.aborted).toBe(false)
    pipeline.settle(refused(BUSY, 1))
    await until(() => pipeline.batches.length === 2)
    expect(pipeline.batches[1]?.signal.aborted).toBe(false)
    pipeline.settle(accepted())
    await until(() => pipeline.batches.length === 3)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
    expect(pipeline.batches).toHaveLength(3)
  })

  test('is lost once its time is over: counted, and logged', async () => {
    const { port, source, context } = await startSource({
      options: { hold: '1s' },
      deliver: async ({ bytes }) => (textsOf(bytes)[0] === 'a' ? refused(BUSY, 2000) : accepted()),
    })
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['a']), packedMode(['b'])]))
    client.socket.end()
    await client.closed
    expect(source.counts()).toMatchObject({ accepted: 1, lost: 1 })
    expect(context.lines.map(([event]) => event)).toEqual(['message-lost'])
    expect(context.lines[0]?.[1]).toContain('FIELDSEAL_SINK_UNAVAILABLE')
    expect(context.budget.used).toBe(0)
  })

  test('that can never be accepted is dropped at once: counted, and logged', async () => {
    const { port, source, context } = await startSource({ deliver: async () => refused(MALFORMED) })
    const client = new RawClient(port)
    await client.write(packedMode(['a']))
    client.socket.end()
    await client.closed
    expect(source.counts()).toMatchObject({ accepted: 0, lost: 0, rejected: 1 })
    expect(context.lines.map(([event]) => event)).toEqual(['message-rejected'])
  })

  test('is not taken faster than it can be passed on: the client waits, and memory is bounded', async () => {
    const pipeline = new HeldPipeline()
    const { port, context } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    const message = packedMode(['x'.repeat(50_000)])
    let written = 0
    let wrote = Date.now()
    const writing = (async () => {
      for (let index = 0; index < 400; index += 1) {
        await client.write(message)
        written += 1
        wrote = Date.now()
      }
    })()
    await until(() => pipeline.batches.length === 1)
    // Nothing has been written for a while: the system's buffers are full, too.
    await until(() => Date.now() - wrote > 200)
    expect(written).toBeLessThan(400)
    expect(context.budget.used).toBeLessThan(1024 * 1024)
    const settling = setInterval(() => pipeline.settle(accepted()), 0)
    await writing
    client.socket.end()
    await client.closed
    clearInterval(settling)
    expect(pipeline.batches).toHaveLength(400)
    expect(context.budget.used).toBe(0)
  })

  test('that is cut off is counted', async () => {
    const { port, source, context } = await startSource()
    const client = new RawClient(port)
    await client.write(packedMode(['a'.repeat(100)]).subarray(0, 50))
    client.socket.end()
    await client.closed
    await until(() => source.counts().incomplete === 1)
    expect([source.counts().accepted, context.budget.used]).toEqual([0, 0])
  })
})
