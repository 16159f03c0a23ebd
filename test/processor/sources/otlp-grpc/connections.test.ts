import { once } from 'node:events'
import { constants } from 'node:http2'
import { connect } from 'node:net'
import { connectivityState, status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { STREAM_WINDOW } from '../../../../processor/sources/otlp-grpc/connection.ts'
import { HeldPipeline, until } from '../suite.ts'
import { ask, batchOf, clientTo, framed, RawClient, startSource } from './fixtures.ts'

const BODY = batchOf('hello')
const OK = { 'grpc-status': '0' }

/** What a server says before it closes a connection: the code of its GOAWAY, once it has come. */
function goAway({ session }: RawClient): Promise<number> {
  return new Promise((resolve) => session.once('goaway', resolve))
}

async function ping({ session }: RawClient): Promise<Error | null> {
  if (session.connecting) await once(session, 'connect')
  return await new Promise((resolve) => session.ping((error) => resolve(error)))
}

test('a client is told at its first call that a batch may come without a stop', async () => {
  const { address } = await startSource()
  const client = new RawClient(address)
  expect(await client.call().end(framed(BODY)).answer).toMatchObject(OK)
  await until(() => client.session.remoteSettings.initialWindowSize === STREAM_WINDOW)
  await until(() => (client.session.state.remoteWindowSize ?? 0) > 65_535)
})

describe('pings', () => {
  test('are answered, however often they come, and close nothing', async () => {
    const { address } = await startSource()
    const client = new RawClient(address)
    let goneAway = false
    void goAway(client).then(() => {
      goneAway = true
    })
    // A Collector pings every 10 s; these are those of an hour, and of more.
    for (let count = 0; count < 400; count += 1) expect(await ping(client)).toBeNull()
    expect(await client.call().end(framed(BODY)).answer).toMatchObject(OK)
    expect([goneAway, client.session.closed]).toEqual([false, false])
  })

  test('keep a connection of another library open, with calls and without', async () => {
    const pipeline = new HeldPipeline()
    const { address } = await startSource({ deliver: pipeline.deliver })
    const client = clientTo(address, undefined, {
      'grpc.keepalive_time_ms': 10,
      'grpc.keepalive_timeout_ms': 5000,
      'grpc.keepalive_permit_without_calls': 1,
    })
    const states = new Set<connectivityState>()
    for (const outcome of ['first', 'second']) {
      const asked = ask(client, batchOf(outcome))
      await until(() => pipeline.batches.length > 0)
      // Some dozen pings while a call is under way.
      await new Promise((resolve) => setTimeout(resolve, 300))
      pipeline.batches.length = 0
      pipeline.settle(accepted())
      expect((await asked).code).toBe(0)
      states.add(client.getChannel().getConnectivityState(false))
    }
    expect(states).toEqual(new Set([connectivityState.READY]))
  })
})

describe('connections', () => {
  test('beyond max_connections are closed at once, and the others go on', async () => {
    const { address, port } = await startSource({ options: { max_connections: 1 } })
    const client = new RawClient(address)
    expect(await client.call().end(framed(BODY)).answer).toMatchObject(OK)
    const second = connect(port, '127.0.0.1')
    second.on('error', () => {})
    await new Promise((resolve) => second.once('close', resolve))
    expect(await client.call().end(framed(BODY)).answer).toMatchObject(OK)
    client.session.destroy()
    await client.closed
    let told = { code: 14 }
    while (told.code === 14) told = await ask(clientTo(address), BODY)
    expect(told.code).toBe(0)
  })

  test('say how many calls they can have, and those beyond are not begun', async () => {
    const pipeline = new HeldPipeline()
    const { address } = await startSource({ options: { max_calls: 2 }, deliver: pipeline.deliver })
    const client = new RawClient(address)
    await new Promise((resolve) => client.session.once('remoteSettings', resolve))
    expect(client.session.remoteSettings.maxConcurrentStreams).toBe(2)
    const calls = ['a', 'b', 'c'].map((text) => client.call().end(framed(batchOf(text))))
    await until(() => pipeline.batches.length === 2)
    expect(await ping(client)).toBeNull()
    expect(pipeline.batches).toHaveLength(2)
    pipeline.settle(accepted())
    await until(() => pipeline.batches.length === 3)
    pipeline.settle(accepted())
    for (const call of calls) expect(await call.answer).toMatchObject(OK)
  })

  test('without a call are closed after idle_timeout, and a client opens another', async () => {
    const { address } = await startSource({ options: { idle_timeout: '1s' } })
    const raw = new RawClient(address)
    const client = clientTo(address)
    expect((await ask(client, BODY)).code).toBe(0)
    expect(await goAway(raw)).toBe(constants.NGHTTP2_NO_ERROR)
    await raw.closed
    await until(() => client.getChannel().getConnectivityState(false) !== connectivityState.READY)
    expect((await ask(client, BODY)).code).toBe(0)
  })

  test('with a call are not idle', async () => {
    const pipeline = new HeldPipeline()
    const { address } = await startSource({ options: { idle_timeout: '1s' }, deliver: pipeline.deliver })
    const idle = new RawClient(address)
    const busy = new RawClient(address)
    const call = busy.call().end(framed(BODY))
    await idle.closed
    await new Promise((resolve) => setTimeout(resolve, 300))
    pipeline.settle(accepted())
    expect(await call.answer).toMatchObject(OK)
  })

  test('on which calls are begun and reset without end are closed, and nobody else notices', async () => {
    const { address, context } = await startSource()
    const [hostile, good] = [new RawClient(address), new RawClient(address)]
    let closed = false
    void hostile.closed.then(() => {
      closed = true
    })
    // CVE-2023-44487: each is begun and reset at once.
    for (let count = 0; count < 5000 && !closed; count += 1) {
      hostile.call().cancel()
      if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await hostile.closed
    expect(await good.call().end(framed(BODY)).answer).toMatchObject(OK)
    await until(() => context.budget.used === 0)
  })

  test('with headers that are too many or too long are no harm', async () => {
    const { address, context, delivered } = await startSource()
    const long = new RawClient(address, { maxSendHeaderBlockLength: 2 ** 24 })
    const headers = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'x'.repeat(2000)]))
    expect((await long.call(headers).end(framed(BODY)).answer)['grpc-status']).toBeUndefined()
    const many = new RawClient(address)
    const short = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, '']))
    expect((await many.call(short).end(framed(BODY)).answer)['grpc-status']).toBeUndefined()
    expect(await new RawClient(address).call().end(framed(BODY)).answer).toMatchObject(OK)
    expect([delivered.length, context.budget.used]).toEqual([1, 0])
  })
})

describe('a source that drains', () => {
  test('says so to its clients, and answers what they have begun', async () => {
    const pipeline = new HeldPipeline()
    const { source, address } = await startSource({ deliver: pipeline.deliver })
    const [busy, idle] = [new RawClient(address), new RawClient(address)]
    const call = busy.call().end(framed(BODY))
    await until(() => pipeline.batches.length === 1)
    expect(await ping(idle)).toBeNull()
    const said = Promise.all([goAway(busy), goAway(idle)])
    const draining = source.drain()
    expect(await said).toEqual([constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_NO_ERROR])
    await idle.closed
    pipeline.settle(accepted())
    expect(await call.answer).toMatchObject(OK)
    await draining
    await busy.closed
    expect(pipeline.batches).toHaveLength(1)
  })

  test('takes a message that it has begun to read, and no further call', async () => {
    const pipeline = new HeldPipeline()
    const { source, address, context } = await startSource({ deliver: pipeline.deliver })
    const client = clientTo(address)
    const raw = new RawClient(address)
    const begun = raw.call()
    const bytes = framed(batchOf('x'.repeat(100_000)))
    await begun.write(bytes.subarray(0, 50_000))
    await until(() => context.budget.used > 100_000)
    const held = ask(client, BODY)
    await until(() => pipeline.batches.length === 1)
    const draining = source.drain()
    const late = await ask(client, BODY)
    expect(late.code).toBe(status.UNAVAILABLE)
    begun.end(bytes.subarray(50_000))
    await until(() => pipeline.batches.length === 2)
    pipeline.settle(accepted())
    expect([(await held).code, (await begun.answer)['grpc-status']]).toEqual([0, '0'])
    await draining
    expect(pipeline.batches).toHaveLength(2)
  })

  test('is done with all that was answered: what ends it then takes no answer away', async () => {
    const { source, address } = await startSource()
    const clients = Array.from({ length: 10 }, () => new RawClient(address))
    const calls = clients.flatMap((client) => Array.from({ length: 5 }, () => client.call()))
    await Promise.all(clients.map(ping))
    for (const call of calls) call.end(framed(BODY))
    await source.drain()
    await source.close()
    for (const call of calls) {
      // Answered, or not taken at all.
      expect(['0', '14', undefined]).toContain((await call.answer)['grpc-status'])
    }
  })
})
