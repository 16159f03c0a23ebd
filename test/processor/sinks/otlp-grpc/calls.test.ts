import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requestType } from '../../../../bench/checks/otlp-messages.ts'
import { otlpGrpcSinkSettings } from '../../../../processor/sinks/otlp-grpc/settings.ts'
import { jsonBatch, outgoing, sinkContext } from '../suite.ts'
import { protobufBatch, sinkTo, startedSink } from './fixtures.ts'
import { answerWell, GrpcPeer, ok, RawPeer } from './peers.ts'

const ACCEPTED = { outcome: 'accepted', rejected: 0 }

let peer: GrpcPeer

beforeEach(async () => {
  peer = await new GrpcPeer().listen()
})

afterEach(() => peer.close())

describe('the endpoint', () => {
  const parse = (endpoint: string) => otlpGrpcSinkSettings.safeParse({ type: 'otlp_grpc', endpoint })

  test.each([
    ['http://127.0.0.1:4317', 'http://127.0.0.1:4317'],
    ['https://backend.example.com:4317/', 'https://backend.example.com:4317'],
    ['backend.example.com:4317', 'https://backend.example.com:4317'],
    ['[::1]:4317', 'https://[::1]:4317'],
    ['http://[::1]:443', 'http://[::1]:443'],
  ])('%s is %s: TLS, unless it says otherwise', (given, endpoint) => {
    expect(parse(given).data).toMatchObject({ endpoint })
  })

  test.each([
    'backend.example.com',
    'https://backend.example.com',
    'http://127.0.0.1:4317/v1/logs',
    'http://user:password@127.0.0.1:4317',
    'grpc://127.0.0.1:4317',
    'unix:/run/socket',
    '127.0.0.1:65536',
    ':4317',
    '',
  ])('%j is none', (given) => {
    expect(parse(given).success).toBe(false)
  })

  test('without a scheme is not spoken to in the clear', async () => {
    const sink = await startedSink(`127.0.0.1:${peer.port}`, { retry: { give_up: '0s' } })
    expect(await sink.send(protobufBatch('x'))).toMatchObject({ error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
    expect(peer.calls).toEqual([])
    await sink.close()
  })
})

describe('a call', () => {
  test('carries the batch as it is, and says who sends it', async () => {
    const sink = await startedSink(peer.url)
    const batch = protobufBatch('grüße 😀')
    expect(await sink.send(batch)).toEqual(ACCEPTED)
    const [{ message, metadata }] = peer.calls as [(typeof peer.calls)[number]]
    expect(message.equals(batch.bytes)).toBe(true)
    expect(metadata.get('user-agent')[0]).toMatch(/^fieldseal\/\d+\.\d+\.\d+ grpc-node-js\//)
    await sink.close()
  })

  test('carries the metadata that is set, and a value is not shown anywhere', async () => {
    const secret = 'Bearer token-4711-canary'
    const context = sinkContext()
    const sink = await startedSink(peer.url, { headers: { Authorization: secret, 'X-Tenant': 'acme' } }, context)
    expect(await sink.send(protobufBatch('x'))).toEqual(ACCEPTED)
    const [{ metadata }] = peer.calls as [(typeof peer.calls)[number]]
    expect([metadata.get('authorization'), metadata.get('x-tenant')]).toEqual([[secret], ['acme']])
    expect(JSON.stringify([sink, context.lines, sink.status()])).not.toContain('canary')
    await sink.close()
  })

  // W3C Trace Context, "Traceparent Header": the name is the same in metadata, which is in lower case.
  test('carries the context of the trace that its batch belongs to, and none where there is no trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const sink = await startedSink(peer.url)
    expect(await sink.send({ ...protobufBatch('x'), traceparent })).toEqual(ACCEPTED)
    expect(await sink.send(protobufBatch('y'))).toEqual(ACCEPTED)
    expect(peer.calls.map(({ metadata }) => metadata.get('traceparent'))).toEqual([[traceparent], []])
    await sink.close()
  })

  test.each([
    ['content-type', 'x', 'cannot be set'],
    ['TE', 'x', 'cannot be set'],
    ['user-agent', 'x', 'cannot be set'],
    ['x-tab', 'a\tb', 'has a value'],
    ['x-blank', ' a', 'has a value'],
  ])('with %s: %j cannot be made', async (name, value, problem) => {
    const start = sinkTo(peer.url, { headers: { [name]: value } }).start()
    await expect(start).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_INVALID',
      message: expect.stringContaining(problem),
    })
  })

  test.each(['grpc-timeout', 'GRPC-encoding', 'x-bin', 'X-Bin', 'a b', 'ä', ''])(
    'with metadata of the name %j is not configured',
    (name) => {
      const given = { type: 'otlp_grpc', endpoint: '127.0.0.1:4317', headers: { [name]: 'x' } }
      expect(otlpGrpcSinkSettings.safeParse(given).success).toBe(false)
    },
  )

  test('is compressed where that is set', async () => {
    const seen: unknown[] = []
    const raw = await RawPeer.listen((stream) => {
      let first = true
      stream.on('data', (part: Buffer) => {
        if (first) seen.push(part[0], part.readUInt32BE(1) < 2000)
        first = false
      })
      answerWell(stream)
    })
    for (const compression of ['none', 'gzip']) {
      const sink = await startedSink(raw.url, { compression })
      const batch = protobufBatch('x'.repeat(100_000))
      expect(await sink.send(batch)).toEqual(ACCEPTED)
      // What has been accepted may be freed.
      expect(() => structuredClone(batch.bytes.buffer, { transfer: [batch.bytes.buffer as ArrayBuffer] })).not.toThrow()
      await sink.close()
    }
    expect(seen).toEqual([0, false, 1, true])
    await raw.close()
  })

  test('of gzip arrives as it was, in many sizes', async () => {
    const sink = await startedSink(peer.url, { compression: 'gzip' })
    const batches = [0, 1, 1000, 100_000, 10_000_000].map((length) => protobufBatch('x'.repeat(length)))
    for (const batch of batches) expect(await sink.send(batch)).toEqual(ACCEPTED)
    expect(peer.calls.map(({ message }, index) => message.equals(batches[index]?.bytes as Buffer))).toEqual(
      batches.map(() => true),
    )
    await sink.close()
  })

  test('goes over one connection with all others, and there are no more than requests at a time', async () => {
    let underWay = 0
    let most = 0
    peer.answer((respond, call) => {
      underWay += 1
      most = Math.max(most, underWay)
      setTimeout(() => {
        underWay -= 1
        ok(respond, call)
      }, 5)
    })
    const sink = await startedSink(peer.url, { requests: 4 })
    await Promise.all(Array.from({ length: 40 }, (_, index) => sink.send(protobufBatch(`${index}`))))
    expect(most).toBe(4)
    expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(1)
    await sink.close()
  })

  test('is not led elsewhere by a proxy of the environment', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { http_proxy: 'http://127.0.0.1:1', grpc_proxy: 'http://127.0.0.1:1' })
    try {
      const sink = await startedSink(peer.url)
      expect(await sink.send(protobufBatch('x'))).toEqual(ACCEPTED)
      await sink.close()
    } finally {
      process.env = before
    }
  })
})

describe('a batch of another format', () => {
  test('is converted', async () => {
    const sink = await startedSink(peer.url, {}, { ...sinkContext(), bodyKeys: ['text'] })
    const line = Buffer.from('{"text":"grüße","user":"u1"}\n')
    for (const batch of [jsonBatch('grüße'), outgoing(line, 'json-lines')]) {
      expect(await sink.send(batch)).toEqual(ACCEPTED)
    }
    const records = peer.calls.flatMap(({ message }) => {
      const { resourceLogs } = requestType.toObject(requestType.decode(message), { longs: String })
      return resourceLogs[0].scopeLogs[0].logRecords
    })
    expect(records.map(({ body }) => body)).toEqual([{ stringValue: 'grüße' }, { stringValue: 'grüße' }])
    expect(records[1].attributes).toEqual([{ key: 'user', value: { stringValue: 'u1' } }])
    await sink.close()
  })

  test('that cannot be is refused for good, and says nothing of the backend', async () => {
    const context = sinkContext()
    const sink = await startedSink(peer.url, {}, context)
    const settlement = await sink.send(outgoing(Buffer.from('{"resourceLogs": canary'), 'otlp-json'))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_INPUT_MALFORMED' } })
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
    expect([peer.calls, context.lines]).toEqual([[], []])
    await sink.close()
  })
})
