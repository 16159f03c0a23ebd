import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { ERRORS, type ErrorCode, FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { decode } from '../otlp-http/rpc-status.ts'
import { ask, batchOf, clientTo, framed, RawClient, startSource } from './fixtures.ts'

const CANARY = 'canary-41c0de'
const BODY = batchOf(CANARY)

test('success is an empty message', async () => {
  let format = ''
  const deliver = async (batch: { format: string }) => {
    format = batch.format
    return accepted()
  }
  const { address, delivered } = await startSource({ deliver })
  expect(await ask(clientTo(address), BODY)).toEqual({
    code: 0,
    details: '',
    body: Buffer.alloc(0),
    status: undefined,
  })
  expect([format, delivered]).toEqual(['otlp-protobuf', [BODY]])
})

test('records that a backend has rejected are counted in a partial success', async () => {
  const { address } = await startSource({ deliver: async () => accepted(300) })
  const { code, body = Buffer.alloc(0) } = await ask(clientTo(address), BODY)
  const { partial_success: partial } = decode('ExportLogsServiceResponse', body)
  expect([code, ...Object.values(partial)]).toEqual([0, '300', expect.stringContaining('rejected')])
})

test('an empty request is a success', async () => {
  const { address, delivered } = await startSource()
  const { code } = await ask(clientTo(address), Buffer.alloc(0))
  expect([code, delivered.map((bytes) => bytes.length)]).toEqual([0, [0]])
})

test.each([
  ['FIELDSEAL_INPUT_MALFORMED', status.INVALID_ARGUMENT],
  ['FIELDSEAL_INPUT_TOO_DEEP', status.INVALID_ARGUMENT],
  ['FIELDSEAL_INPUT_TOO_LARGE', status.RESOURCE_EXHAUSTED],
  ['FIELDSEAL_VALUE_TOO_LARGE', status.RESOURCE_EXHAUSTED],
  ['FIELDSEAL_SINK_REFUSED', status.INTERNAL],
  ['FIELDSEAL_BUSY', status.UNAVAILABLE],
  ['FIELDSEAL_DRAINING', status.UNAVAILABLE],
  ['FIELDSEAL_SEAL_FAILED', status.UNAVAILABLE],
  ['FIELDSEAL_DETECTION_FAILED', status.UNAVAILABLE],
  ['FIELDSEAL_SINK_UNAVAILABLE', status.UNAVAILABLE],
  ['FIELDSEAL_INTERNAL', status.UNAVAILABLE],
] as const)('%s is code %i, with a google.rpc.Status that says the same', async (code, rpc) => {
  const { address } = await startSource({ deliver: async () => refused(new FieldsealError(code, 'as it is')) })
  const told = await ask(clientTo(address), BODY)
  const message = `${code}: as it is; ${ERRORS[code].hint}`
  expect(told).toMatchObject({ code: rpc, details: message, status: { code: rpc, message } })
  // RetryInfo stands only where trying again can help.
  const retry = rpc === status.UNAVAILABLE ? [{ type: 'RetryInfo', value: { retry_delay: { seconds: '1' } } }] : []
  expect(told.status?.details.filter(({ type }) => type === 'RetryInfo')).toEqual(retry)
  expect(JSON.stringify(told)).not.toContain(CANARY)
})

test.each(['FIELDSEAL_INPUT_TOO_LARGE', 'FIELDSEAL_VALUE_TOO_LARGE', 'FIELDSEAL_INPUT_MALFORMED'] as const)(
  '%s of one record is INVALID_ARGUMENT, and a BadRequest says which',
  async (code) => {
    const error = new FieldsealError(code, 'no', { record: 17 })
    const { address } = await startSource({ deliver: async () => refused(error) })
    const told = await ask(clientTo(address), BODY)
    expect(told.code).toBe(status.INVALID_ARGUMENT)
    const violation = { field: 'record 17', description: 'no' }
    expect(told.status?.details).toEqual([{ type: 'BadRequest', value: { field_violations: [violation] } }])
  },
)

test.each([
  [0, '1'],
  [1000, '1'],
  [1001, '2'],
  [59_999, '60'],
])('a wait of %i ms is asked for as %s s', async (wait, seconds) => {
  const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'away')
  const { address } = await startSource({ deliver: async () => refused(error, wait) })
  const { status: told } = await ask(clientTo(address), BODY)
  expect(told?.details).toEqual([{ type: 'RetryInfo', value: { retry_delay: { seconds } } }])
})

test('every code of the table has an answer that tells a client to keep the batch or to mend it', async () => {
  const { INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE } = status
  let code: ErrorCode = 'FIELDSEAL_INTERNAL'
  const { address } = await startSource({ deliver: async () => refused(new FieldsealError(code, 'as it is')) })
  const client = clientTo(address)
  for (code of Object.keys(ERRORS) as ErrorCode[]) {
    const told = await ask(client, BODY)
    expect([INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE]).toContain(told.code)
    // A client drops a batch only where the fault is its own, or the backend's last word.
    if (told.code !== UNAVAILABLE) expect(ERRORS[code].retryable).toBe(false)
  }
})

test('other methods and services are UNIMPLEMENTED', async () => {
  const { address, delivered } = await startSource()
  const client = clientTo(address)
  for (const path of ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', '/a/b']) {
    expect((await ask(client, BODY, { path })).code).toBe(status.UNIMPLEMENTED)
  }
  expect(delivered).toEqual([])
})

describe('a message', () => {
  const COMPRESS = { gzip: gzipSync, deflate: deflateSync } as const

  test.each(['gzip', 'deflate'] as const)('is taken compressed with %s', async (encoding) => {
    const { address, delivered } = await startSource()
    const call = new RawClient(address).call({ 'grpc-encoding': encoding })
    call.end(framed(COMPRESS[encoding](BODY), true))
    expect(await call.answer).toMatchObject({ ':status': 200, 'grpc-status': '0' })
    expect(delivered).toEqual([BODY])
  })

  test('is taken as it is where only its call speaks of compression', async () => {
    const { address, delivered } = await startSource()
    const client = new RawClient(address)
    for (const encoding of ['gzip', 'identity', 'snappy']) {
      const call = client.call({ 'grpc-encoding': encoding }).end(framed(BODY))
      expect(await call.answer).toMatchObject({ 'grpc-status': '0' })
    }
    expect(delivered).toEqual([BODY, BODY, BODY])
  })

  test('is taken in whatever pieces it comes', async () => {
    const { address, delivered } = await startSource()
    const client = new RawClient(address)
    const wire = framed(gzipSync(BODY), true)
    const call = client.call({ 'grpc-encoding': 'gzip' })
    for (const byte of wire) await call.write(Buffer.from([byte]))
    call.end()
    expect(await call.answer).toMatchObject({ 'grpc-status': '0' })
    const plain = client.call()
    for (const byte of framed(BODY)) await plain.write(Buffer.from([byte]))
    plain.end()
    expect(await plain.answer).toMatchObject({ 'grpc-status': '0' })
    expect(delivered).toEqual([BODY, BODY])
  })

  test.each([
    ['snappy', BODY],
    ['zstd', zstdCompressSync(BODY)],
    [CANARY, BODY],
  ])('compressed with %s is UNIMPLEMENTED, which names what is not', async (encoding, bytes) => {
    const { address, delivered, context } = await startSource()
    const call = new RawClient(address).call({ 'grpc-encoding': encoding }).end(framed(bytes, true))
    const answer = await call.answer
    expect(answer).toMatchObject({ 'grpc-status': '12', 'grpc-accept-encoding': 'identity,deflate,gzip' })
    expect(JSON.stringify(answer)).not.toContain(CANARY)
    expect([delivered, context.budget.used]).toEqual([[], 0])
  })

  test.each([
    ['of which nobody says how it is compressed', 'identity', framed(gzipSync(BODY), true)],
    ['that is no gzip', 'gzip', framed(BODY, true)],
    ['that is no deflate', 'deflate', framed(BODY, true)],
    ['of gzip that ends too early', 'gzip', framed(gzipSync(BODY).subarray(0, -9), true)],
    ['of gzip with something behind it', 'gzip', framed(Buffer.concat([gzipSync(BODY), BODY]), true)],
    ['of gzip that is empty', 'gzip', framed(Buffer.alloc(0), true)],
    ['with a flag that is none', 'gzip', Buffer.concat([Buffer.from([2]), framed(BODY).subarray(1)])],
    ['that is not there', 'identity', Buffer.alloc(0)],
    ['of which only the length is there', 'identity', framed(BODY).subarray(0, 5)],
    ['of which not even the length is there', 'identity', framed(BODY).subarray(0, 3)],
    ['that ends too early', 'identity', framed(BODY).subarray(0, -1)],
    ['behind another one', 'identity', Buffer.concat([framed(BODY), framed(BODY)])],
    ['behind an empty one', 'identity', Buffer.concat([framed(Buffer.alloc(0)), framed(BODY)])],
    ['and a byte too many', 'identity', Buffer.concat([framed(BODY), Buffer.from([0])])],
  ])('%s is INVALID_ARGUMENT, and nothing is delivered', async (_, encoding, bytes) => {
    const { address, delivered, context } = await startSource()
    const client = new RawClient(address)
    const answer = await client.call({ 'grpc-encoding': encoding }).end(bytes).answer
    expect(answer).toMatchObject({ 'grpc-status': '3' })
    const message = decodeURI(String(answer['grpc-message']))
    expect(message).toMatch(/^FIELDSEAL_(REQUEST_INVALID|INPUT_MALFORMED): /)
    expect(message).not.toContain(CANARY)
    expect([delivered, context.budget.used]).toEqual([[], 0])
    // Nobody else notices, on the same connection either.
    expect(await client.call().end(framed(BODY)).answer).toMatchObject({ 'grpc-status': '0' })
  })

  test('that comes with a Content-Type of something else is not read', async () => {
    const { address, delivered } = await startSource()
    const call = new RawClient(address).call({ 'content-type': 'application/json' }).end(framed(BODY))
    expect(await call.answer).toMatchObject({ ':status': 415 })
    expect(delivered).toEqual([])
  })

  test('of several MiB is taken, and many at the same time on one connection', async () => {
    const sizes: number[] = []
    const deliver = async ({ bytes }: { bytes: Buffer }) => {
      sizes.push(bytes.length)
      return accepted()
    }
    const { address, context } = await startSource({ deliver })
    const client = clientTo(address)
    const message = Buffer.alloc(5 * 1024 * 1024, 'x')
    const told = await Promise.all(Array.from({ length: 12 }, () => ask(client, message)))
    expect(told.map(({ code }) => code)).toEqual(Array(12).fill(0))
    expect(sizes).toEqual(Array(12).fill(message.length))
    expect(context.budget.used).toBe(0)
  })
})
