import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import manifest from '../../../../package.json' with { type: 'json' }
import { Secret } from '../../../../processor/secret.ts'
import { attributesOf, recordsOf } from '../../formats/conversion/fixtures.ts'
import { jsonBatch, outgoing, sinkContext } from '../suite.ts'
import { type Given, startedSink } from './fixtures.ts'
import { HttpPeer, ok } from './peers.ts'

let peer: HttpPeer

beforeEach(async () => {
  peer = await new HttpPeer().listen()
})

afterEach(() => peer.close())

async function sentWith(given: Given, batch = jsonBatch('a'), query = '') {
  const sink = await startedSink(`${peer.url}${query}`, given)
  expect(await sink.send(batch)).toEqual({ outcome: 'accepted', rejected: 0 })
  await sink.close()
  const [request] = peer.requests
  if (request === undefined) throw new Error('no request has come')
  return request
}

describe('a request', () => {
  test('is a POST of the batch, with its length and the media type of its format', async () => {
    const batch = jsonBatch('grüße')
    const request = await sentWith({}, batch)
    expect(request).toMatchObject({ method: 'POST', url: '/v1/logs' })
    expect(request.body.equals(batch.bytes)).toBe(true)
    expect(request.headers).toEqual({
      host: `127.0.0.1:${peer.port}`,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': String(batch.bytes.length),
      'user-agent': `fieldseal/${manifest.version}`,
    })
  })

  test('of protobuf says so', async () => {
    const bytes = Buffer.from([0x0a, 0x00])
    const request = await sentWith({}, outgoing(bytes, 'otlp-protobuf'))
    expect(request.headers['content-type']).toBe('application/x-protobuf')
    expect(request.body.equals(bytes)).toBe(true)
  })

  test('of an empty batch has the length 0', async () => {
    const request = await sentWith({}, outgoing(Buffer.alloc(0), 'otlp-protobuf'))
    expect(request.headers['content-length']).toBe('0')
  })

  test('keeps the query of the endpoint', async () => {
    expect((await sentWith({}, jsonBatch('a'), '?tenant=a%20b')).url).toBe('/v1/logs?tenant=a%20b')
  })

  test('has the headers that are configured', async () => {
    const { headers, rawHeaders } = await sentWith({ headers: { Authorization: 'Bearer t0p', 'X-Tenant': 'a b' } })
    expect(headers).toMatchObject({ authorization: 'Bearer t0p', 'x-tenant': 'a b' })
    expect(rawHeaders).toContain('X-Tenant')
  })

  test('can name another user agent, and names no second one', async () => {
    const { rawHeaders } = await sentWith({ headers: { 'User-Agent': 'ours/1' } })
    expect(rawHeaders.filter((_, index) => /user-agent/i.test(rawHeaders[index - 1] ?? ''))).toEqual(['ours/1'])
  })

  test('is compressed where that is asked for', async () => {
    const batch = jsonBatch('x'.repeat(1_000_000))
    const request = await sentWith({ compression: 'gzip' }, batch)
    expect(request.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(request.body.length),
    })
    expect(request.body.length).toBeLessThan(20_000)
    expect(gunzipSync(request.body).equals(batch.bytes)).toBe(true)
  })

  test('is compressed once, however often it is sent', async () => {
    peer.answer((response) => response.writeHead(503).end(), ok)
    await sentWith({ compression: 'gzip' })
    expect(peer.requests).toHaveLength(2)
    expect(peer.requests[1]?.body.equals(peer.requests[0]?.body ?? Buffer.alloc(0))).toBe(true)
  })

  test('is OTLP of lines too, with what no value of OTLP holds counted in the status, and logged once', async () => {
    const context = sinkContext()
    const sink = await startedSink(peer.url, {}, { ...context, bodyKeys: ['text'] })
    const line = '{"text":"paid","level":30,"time":1700000000123,"n":1e999,"m":18446744073709551615}\n'
    for (let i = 0; i < 2; i += 1) {
      expect(await sink.send(outgoing(Buffer.from(line), 'json-lines'))).toEqual({ outcome: 'accepted', rejected: 0 })
    }
    const [request] = peer.requests
    expect(request?.headers['content-type']).toBe('application/x-protobuf')
    const { record } = recordsOf(request!.body)[0]!
    expect(record).toMatchObject({
      timeUnixNano: '1700000000123000000',
      severityNumber: 9,
      body: { stringValue: 'paid' },
    })
    expect(attributesOf(record)).toEqual({
      n: { stringValue: '1e999' },
      m: { stringValue: '18446744073709551615' },
    })
    expect(sink.status()).toEqual({ healthy: true, sending: 0, lost: { number_as_text: 4 } })
    const losses = context.lines.filter(({ event }) => event === 'conversion-loss')
    expect(losses.map(({ fields }) => fields)).toEqual([{ sink: 'backend', kind: 'number_as_text' }])
    expect(JSON.stringify(losses)).not.toContain('1e999')
    await sink.close()
  })

  test.each([
    ['text', Buffer.from('paid\n')],
    // ["app", 1, {"message": "paid"}] in MessagePack.
    ['forward', Buffer.from('93a361707001' + '81a76d657373616765a470616964', 'hex')],
  ] as const)('is OTLP of %s too', async (format, bytes) => {
    const request = await sentWith({ compression: 'gzip' }, outgoing(bytes, format))
    expect(recordsOf(gunzipSync(request.body))[0]?.record.body).toEqual({ stringValue: 'paid' })
  })

  test('is not made of what is malformed: the batch is refused, and the backend is none the worse', async () => {
    const sink = await startedSink(peer.url)
    const settlement = await sink.send(outgoing(Buffer.from('{"a":'), 'json-lines'))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_INPUT_MALFORMED' } })
    expect(peer.requests).toEqual([])
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
    await sink.close()
  })
})

describe('connections', () => {
  test('are kept and used again', async () => {
    const sink = await startedSink(peer.url)
    for (const text of ['a', 'b', 'c']) await sink.send(jsonBatch(text))
    expect(new Set(peer.requests.map(({ port }) => port)).size).toBe(1)
    await sink.close()
  })

  test.each([1, 3])('are at most as many as requests may be under way: %i', async (requests) => {
    let underWay = 0
    let most = 0
    peer.answer((response) => {
      underWay += 1
      most = Math.max(most, underWay)
      setImmediate(() => {
        underWay -= 1
        response.end()
      })
    })
    const sink = await startedSink(peer.url, { requests })
    await Promise.all(Array.from({ length: 30 }, (_, index) => sink.send(jsonBatch(`${index}`))))
    expect(most).toBeLessThanOrEqual(requests)
    expect(new Set(peer.requests.map(({ port }) => port)).size).toBe(requests)
    await sink.close()
  })

  test('take what waits in the order in which it came', async () => {
    const sink = await startedSink(peer.url, { requests: 1 })
    const batches = Array.from({ length: 20 }, (_, index) => jsonBatch(`${index}`))
    await Promise.all(batches.map((batch) => sink.send(batch)))
    expect(peer.requests.map(({ body }) => body.toString())).toEqual(batches.map(({ bytes }) => bytes.toString()))
    await sink.close()
  })

  test('are closed with the sink', async () => {
    const sink = await startedSink(peer.url)
    await sink.send(jsonBatch('a'))
    const gone = new Promise<void>((resolve) => {
      peer.server.getConnections((_, before) => {
        expect(before).toBe(1)
        const look = () => peer.server.getConnections((_error, count) => (count === 0 ? resolve() : setImmediate(look)))
        look()
      })
    })
    await Promise.all([sink.close(), gone])
  })
})

describe('a start is refused', () => {
  const refusal = (given: Given, endpoint = 'http://127.0.0.1:4318/v1/logs') => startedSink(endpoint, given)

  test.each([
    'Connection',
    'keep-alive',
    'Proxy-Connection',
    'TE',
    'trailer',
    'transfer-encoding',
    'Upgrade',
    'expect',
    'Host',
    'content-length',
    'Content-Type',
    'content-encoding',
  ])('for the header %s, which is not the operator’s', async (name) => {
    const message = `sinks.backend.headers: ${name} cannot be set: it belongs to the connection or to the body`
    await expect(refusal({ headers: { [name]: 's3cret' } })).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_INVALID',
      message,
    })
  })

  test('for a header that stands there twice', async () => {
    await expect(refusal({ headers: { 'x-a': '1', 'X-A': '2' } })).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_INVALID',
      message: 'sinks.backend.headers: X-A stands there twice',
    })
  })

  test('for a value that no header can have, without showing it', async () => {
    const { RequestHeaders } = await import('../../../../processor/sinks/otlp-http/request-headers.ts')
    for (const value of ['s3cret\r\nx-evil: 1', 's3cret\n', ' s3cret', 's3cret\0']) {
      const headers = { 'x-a': new Secret(Buffer.from(value)) }
      expect(() => new RequestHeaders('backend', headers, 'none')).toThrow(
        expect.objectContaining({
          code: 'FIELDSEAL_CONFIG_INVALID',
          message: 'sinks.backend.headers: x-a has a value that no header can have',
        }),
      )
    }
  })

  test('for a password in the endpoint, without showing it', async () => {
    const error = await refusal({}, 'http://jane:s3cret@127.0.0.1:4318/v1/logs').catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'FIELDSEAL_CONFIG_INVALID' })
    expect(error.message).not.toContain('s3cret')
  })

  test('for TLS files with an http endpoint', async () => {
    await expect(refusal({ tls: { ca: 'ca.pem' } })).rejects.toMatchObject({ code: 'FIELDSEAL_CONFIG_INVALID' })
  })
})
