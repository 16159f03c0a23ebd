import { createSocket } from 'node:dgram'
import { describe, expect, onTestFinished, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { forwardSource } from '../../../../processor/sources/forward/source.ts'
import { HeldPipeline, sourceContext, until } from '../suite.ts'
import { messageMode, packedMode, RawClient, settingsOf, startSource, textsOf } from './fixtures.ts'

describe('time', () => {
  test('for a message is over where a client sends a byte now and then', async () => {
    const { port, context, source } = await startSource({ options: { message_timeout: '1s' } })
    const client = new RawClient(port)
    const message = packedMode(['x'.repeat(1000)])
    let sent = 0
    const dripping = setInterval(() => {
      if (!client.socket.destroyed) client.socket.write(message.subarray(sent, sent + 1))
      sent += 1
    }, 50)
    await client.closed
    clearInterval(dripping)
    expect(source.counts()).toMatchObject({ accepted: 0, incomplete: 1, clientsRefused: 1 })
    expect(context.lines[0]?.[1]).toContain('message_timeout')
    expect(context.budget.used).toBe(0)
  })

  test('without a message ends a connection, and nothing is said of it', async () => {
    const { port, context } = await startSource({ options: { idle_timeout: '1s' } })
    const client = new RawClient(port)
    await client.write(messageMode('x', { chunk: 'x' }))
    await client.closed
    expect([await client.acks(), context.lines]).toEqual([['x'], []])
  })

  test('is not over for a client that waits for us', async () => {
    const pipeline = new HeldPipeline()
    const { port } = await startSource({
      options: { idle_timeout: '1s', message_timeout: '1s' },
      deliver: pipeline.deliver,
    })
    const client = new RawClient(port)
    await client.write(messageMode('x', { chunk: 'x' }))
    await until(() => pipeline.batches.length === 1)
    // Three looks at the clock.
    const start = performance.now()
    await until(() => performance.now() - start > 2500)
    expect(client.ended).toBe(false)
    pipeline.settle(accepted())
    expect(await client.until(1)).toEqual([{ ack: 'x' }])
  })

  test('for what is written to it is over where a client reads no acknowledgements; nothing more is taken of it', async () => {
    const { port, source, context } = await startSource({ options: { message_timeout: '1s' } })
    const client = new RawClient(port)
    client.socket.pause()
    const messages = Buffer.concat(
      Array.from({ length: 200 }, (_, index) => messageMode('x', { chunk: `${index}`.padStart(900, '-') })),
    )
    let waits = false
    const writing = (async () => {
      while (!client.socket.destroyed) {
        waits = true
        await Promise.race([client.write(messages), client.closed])
        waits = false
      }
    })()
    let before = -1
    await until(() => {
      const { accepted: now } = source.counts()
      const still = waits && now === before
      before = now
      return still && now > 1000
    })
    // It is closed from the other side.
    await writing
    await until(() => context.budget.used === 0)
  })
})

describe('connections', () => {
  test('over max_connections are closed, and others go on', async () => {
    const { port } = await startSource({ options: { max_connections: 2 } })
    const clients = [new RawClient(port), new RawClient(port)]
    for (const client of clients) {
      await client.write(messageMode('x', { chunk: 'x' }))
      await client.until(1)
    }
    const third = new RawClient(port)
    await third.closed
    expect(third.received.length).toBe(0)
    await clients[0]?.write(messageMode('y', { chunk: 'y' }))
    expect(await clients[0]?.until(2)).toEqual([{ ack: 'x' }, { ack: 'y' }])
  })

  test('that are made and closed at once, as Fluentd does each second, are not worth a line', async () => {
    const { port, source, context } = await startSource()
    for (let index = 0; index < 30; index += 1) {
      const client = new RawClient(port)
      await new Promise<void>((resolve) => client.socket.once('connect', () => resolve()))
      if (index % 3 === 0) client.socket.end()
      else if (index % 3 === 1) client.socket.destroy()
      else client.socket.resetAndDestroy()
      await client.closed
    }
    await source.drain()
    expect(context.lines).toEqual([])
    expect(source.counts()).toMatchObject({ incomplete: 0, clientsRefused: 0 })
  })

  test('take one message where keepalive is off', async () => {
    const { port, delivered } = await startSource({ options: { keepalive: false } })
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['x'], { chunk: 'x' }), packedMode(['y'], { chunk: 'y' })]))
    await client.closed
    expect([await client.acks(), delivered.flatMap(textsOf)]).toEqual([['x'], ['x']])
  })
})

describe('room', () => {
  test('is waited for: a client without acknowledgements is not sent away, and loses nothing', async () => {
    const pipeline = new HeldPipeline()
    const { port, context, delivered } = await startSource({ deliver: pipeline.deliver, limits: { total: 500_000 } })
    const first = new RawClient(port)
    await first.write(packedMode(['a'.repeat(300_000)], { chunk: 'a' }))
    await until(() => pipeline.batches.length === 1)
    const second = new RawClient(port)
    const written = second.write(packedMode(['b'.repeat(200_000)]))
    await until(() => context.budget.used > 320_000)
    pipeline.settle(accepted())
    await written
    await until(() => pipeline.batches.length === 2)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
    expect(delivered.map((bytes) => (textsOf(bytes)[0] as string).length)).toEqual([300_000, 200_000])
    expect(context.lines).toEqual([])
  })

  test.each([
    ['is passed on once there is some, however long that takes', '1m', { accepted: 2, lost: 0 }],
    ['is lost after `hold`: counted, and logged', '1s', { accepted: 1, lost: 1 }],
  ])('for a whole message that nobody else has: it %s', async (_, hold, counts) => {
    const pipeline = new HeldPipeline()
    const { port, context, source } = await startSource({
      options: { message_timeout: '1s', hold },
      deliver: pipeline.deliver,
      limits: { total: 500_000 },
    })
    const first = new RawClient(port)
    await first.write(packedMode(['a'], { chunk: 'a' }))
    await until(() => pipeline.batches.length === 1)
    // The pipeline takes all but 5 kB.
    pipeline.batches[0]?.reservation.grow(495_000 - context.budget.used)
    const second = new RawClient(port)
    await second.write(packedMode(['b'.repeat(10_000)]))
    const start = performance.now()
    await until(() => second.ended || performance.now() - start > (counts.lost > 0 ? 60_000 : 2500))
    expect(second.ended).toBe(counts.lost > 0)
    const settling = setInterval(() => pipeline.settle(accepted()), 1)
    await until(() => source.counts().accepted === counts.accepted)
    clearInterval(settling)
    expect(source.counts()).toMatchObject(counts)
    expect(context.lines.filter(([event]) => event === 'message-lost')).toHaveLength(counts.lost)
    await until(() => context.budget.used === 0)
  })
})

describe('draining', () => {
  test('lets a message come to its end, acknowledges it, and closes', async () => {
    const { source, port, delivered } = await startSource()
    const client = new RawClient(port)
    const message = packedMode(['x'.repeat(1000)], { chunk: 'x' })
    await client.write(Buffer.concat([packedMode(['before'], { chunk: 'before' }), message.subarray(0, 500)]))
    await client.until(1)
    const drained = source.drain()
    await client.write(Buffer.concat([message.subarray(500), packedMode(['after'], { chunk: 'after' })]))
    await drained
    await client.closed
    // What came in the same piece as the end is taken, too, or is not acknowledged.
    expect((await client.acks()).slice(0, 2)).toEqual(['before', 'x'])
    expect(delivered.flatMap(textsOf).filter((text) => text === 'after')).toHaveLength((await client.acks()).length - 2)
  })

  test('waits for what is held for a client that is gone', async () => {
    const pipeline = new HeldPipeline()
    const { source, port } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['a']), packedMode(['b'])]))
    await until(() => pipeline.batches.length === 1)
    client.socket.destroy()
    await client.closed
    let drained = false
    const draining = source.drain().then(() => {
      drained = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(drained).toBe(false)
    pipeline.settle(accepted())
    await until(() => pipeline.batches.length === 2)
    pipeline.settle(accepted())
    await draining
    expect(pipeline.batches.map(({ bytes }) => textsOf(bytes)[0])).toEqual(['a', 'b'])
  })

  test('ends what nobody else has by `close`, and says what is lost', async () => {
    const pipeline = new HeldPipeline()
    const { source, port, context } = await startSource({ deliver: pipeline.deliver })
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['a']), packedMode(['b']), packedMode(['c'], { chunk: 'c' })]))
    await until(() => pipeline.batches.length === 1)
    await source.close()
    expect(source.counts().lost).toBe(1)
    expect(context.lines.map(([event]) => event)).toEqual(['message-lost'])
    expect(context.lines[0]?.[1]).toContain('FIELDSEAL_DRAINING')
    expect(pipeline.batches[0]?.signal.aborted).toBe(true)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
    expect(pipeline.batches).toHaveLength(1)
  })
})

describe('heartbeats over UDP', () => {
  /** What comes back within the time that one further heartbeat takes. */
  async function ask(port: number, datagrams: readonly Buffer[]): Promise<Buffer[]> {
    const socket = createSocket('udp4')
    onTestFinished(() => {
      socket.close()
    })
    const answers: Buffer[] = []
    socket.on('message', (answer) => answers.push(answer))
    for (const datagram of datagrams) await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve))
    return answers
  }

  test('are answered by one zero byte each on the same port, and an empty one is not', async () => {
    const { port } = await startSource({ options: { udp_heartbeat: true } })
    const answers = await ask(port, [Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(1000, 'x')])
    await until(() => answers.length === 2)
    expect(answers.map((answer) => answer.toString('hex'))).toEqual(['00', '00'])
    // One more goes there and back: an answer to the empty one would be here by then.
    const more = await ask(port, [Buffer.alloc(1)])
    await until(() => more.length === 1)
    expect(answers).toHaveLength(2)
  })

  test('are not answered more than a thousand times a second', async () => {
    const { port } = await startSource({ options: { udp_heartbeat: true } })
    const start = performance.now()
    const answers = await ask(
      port,
      Array.from({ length: 5000 }, () => Buffer.alloc(1)),
    )
    const seconds = Math.floor((performance.now() - start) / 1000)
    expect(answers.length).toBeLessThanOrEqual(1000 * (seconds + 2))
  })

  test('are off by default, and end with the source', async () => {
    const { port, source } = await startSource({ options: { udp_heartbeat: true } })
    await source.close()
    // The port is free again, for both.
    const again = await startSource({ options: { listen: `127.0.0.1:${port}` } })
    const other = createSocket('udp4')
    await new Promise<void>((resolve) => other.bind(port, '127.0.0.1', resolve))
    await again.source.close()
    // With the port in use the source says so, and listens to nothing.
    const context = sourceContext(async () => accepted())
    const taken = forwardSource(settingsOf({ listen: `127.0.0.1:${port}`, udp_heartbeat: true }), context)
    await expect(taken.start()).rejects.toMatchObject({ code: 'FIELDSEAL_LISTEN_FAILED' })
    await taken.close()
    other.close()
    const client = new RawClient(port)
    await client.closed
    expect(client.received.length).toBe(0)
  })
})
