import { describe, expect, test } from 'vitest'
import { ERRORS, type ErrorCode, FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { ask, JSON_TYPE, PROTOBUF, startSource } from './fixtures.ts'
import { decode, rpcStatus } from './rpc-status.ts'

const CANARY = 'canary-41c0de'
const BODY = Buffer.from(CANARY)

describe.each([
  ['protobuf', PROTOBUF],
  ['JSON', JSON_TYPE],
])('answers in %s', (encoding, type) => {
  const headers = { 'Content-Type': type }
  const format = encoding === 'JSON' ? 'otlp-json' : 'otlp-protobuf'

  test('success has the encoding of the request, and an empty message', async () => {
    let seen = ''
    const deliver = async (batch: { format: string }) => {
      seen = batch.format
      return accepted()
    }
    const { port } = await startSource({ deliver })
    const { status, headers: got, body } = await ask(port, { headers, body: BODY })
    expect([status, got['content-type'], body.toString()]).toEqual([200, type, encoding === 'JSON' ? '{}' : ''])
    expect(seen).toBe(format)
  })

  test('parameters of the Content-Type, and its case, do not matter', async () => {
    const { port, delivered } = await startSource()
    const parameters = { 'Content-Type': `${type.toUpperCase()} ; charset=utf-8` }
    const { status, headers: got } = await ask(port, { headers: parameters, body: BODY })
    expect([status, got['content-type'], delivered.length]).toEqual([200, type, 1])
  })

  test('records that a backend has rejected are counted in a partial success', async () => {
    const { port } = await startSource({ deliver: async () => accepted(300) })
    const { status, body } = await ask(port, { headers, body: BODY })
    expect(status).toBe(200)
    const partial =
      encoding === 'JSON'
        ? JSON.parse(body.toString()).partialSuccess
        : decode('ExportLogsServiceResponse', body).partial_success
    expect(Object.values(partial)).toEqual(['300', expect.stringContaining('rejected')])
  })

  test.each([
    ['FIELDSEAL_INPUT_MALFORMED', 400, 3],
    ['FIELDSEAL_INPUT_TOO_DEEP', 400, 3],
    ['FIELDSEAL_INPUT_TOO_LARGE', 413, 8],
    ['FIELDSEAL_VALUE_TOO_LARGE', 413, 8],
    ['FIELDSEAL_SINK_REFUSED', 500, 13],
    ['FIELDSEAL_BUSY', 503, 14],
    ['FIELDSEAL_DRAINING', 503, 14],
    ['FIELDSEAL_SEAL_FAILED', 503, 14],
    ['FIELDSEAL_DETECTION_FAILED', 503, 14],
    ['FIELDSEAL_SINK_UNAVAILABLE', 503, 14],
    ['FIELDSEAL_INTERNAL', 503, 14],
  ] as const)('%s is %i with a google.rpc.Status of code %i', async (code, status, rpc) => {
    const { port } = await startSource({ deliver: async () => refused(new FieldsealError(code, 'as it is')) })
    const answer = await ask(port, { headers, body: BODY })
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type])
    const told = rpcStatus(answer.body, answer.headers['content-type'])
    expect(told).toMatchObject({ code: rpc, message: `${code}: as it is; ${ERRORS[code].hint}` })
    // RetryInfo and Retry-After stand together, and only where trying again can help.
    const retry = status === 503 ? [{ type: 'RetryInfo', value: { retry_delay: { seconds: '1' } } }] : []
    expect(told.details.filter((detail) => detail.type === 'RetryInfo')).toEqual(retry)
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined)
    expect(answer.body.toString('latin1')).not.toContain(CANARY)
  })

  test.each(['FIELDSEAL_INPUT_TOO_LARGE', 'FIELDSEAL_VALUE_TOO_LARGE', 'FIELDSEAL_INPUT_MALFORMED'] as const)(
    '%s of one record is 400, and a BadRequest says which',
    async (code) => {
      const { port } = await startSource({
        deliver: async () => refused(new FieldsealError(code, 'no', { record: 17 })),
      })
      const { status, headers: got, body } = await ask(port, { headers, body: BODY })
      expect(status).toBe(400)
      const { message, details } = rpcStatus(body, got['content-type'])
      expect(message).toBe(`${code}: no (record 17); ${ERRORS[code].hint}`)
      const violation = { field: 'record 17', description: 'no' }
      expect(details).toEqual([{ type: 'BadRequest', value: { field_violations: [violation] } }])
    },
  )

  test.each([
    [0, '1'],
    [1, '1'],
    [1000, '1'],
    [1001, '2'],
    [59_999, '60'],
  ])('a wait of %i ms is asked for as %s s: whole seconds, rounded up, at least one', async (wait, seconds) => {
    const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'away')
    const { port } = await startSource({ deliver: async () => refused(error, wait) })
    const { headers: got, body } = await ask(port, { headers, body: BODY })
    expect(got['retry-after']).toBe(seconds)
    expect(rpcStatus(body, got['content-type']).details).toEqual([
      { type: 'RetryInfo', value: { retry_delay: { seconds } } },
    ])
  })

  test('an empty request is a success', async () => {
    const { port, delivered } = await startSource()
    const { status } = await ask(port, { headers, body: Buffer.alloc(0) })
    expect([status, delivered.map((bytes) => bytes.length)]).toEqual([200, [0]])
  })

  test('methods other than POST are 405, which names POST', async () => {
    const { port } = await startSource()
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers: got, body } = await ask(port, { method, headers })
      expect([method, status, got.allow]).toEqual([method, 405, 'POST'])
      expect(rpcStatus(body, got['content-type'])).toMatchObject({ code: 12 })
    }
    expect((await ask(port, { method: 'HEAD', headers })).status).toBe(405)
  })

  test.each(['/', '/v1/traces', '/v1/metrics', '/v1/logs/', '/V2/logs', `/${CANARY}`])('%s is 404', async (path) => {
    const { port, delivered } = await startSource()
    const { status, headers: got, body } = await ask(port, { path, headers, body: BODY })
    expect([status, delivered.length]).toEqual([404, 0])
    expect(rpcStatus(body, got['content-type'])).toMatchObject({ code: 5 })
    expect(body.toString('latin1')).not.toContain(CANARY)
  })

  test.each(['br', 'deflate', 'snappy', 'gzip, gzip', CANARY])('the Content-Encoding %s is 400', async (coding) => {
    const { port, delivered } = await startSource()
    const answer = await ask(port, { headers: { ...headers, 'Content-Encoding': coding }, body: BODY })
    expect([answer.status, delivered.length]).toEqual([400, 0])
    const told = rpcStatus(answer.body, answer.headers['content-type'])
    expect(told.code).toBe(3)
    expect(told.message).toContain('FIELDSEAL_REQUEST_INVALID')
    expect(told.message).not.toContain(CANARY)
  })
})

test.each(['text/plain', 'application/x-ndjson', CANARY, 'application/json+x', ''])(
  'the Content-Type "%s" is 415, as text',
  async (type) => {
    const { port, delivered } = await startSource()
    const { status, headers, body } = await ask(port, { headers: { 'Content-Type': type }, body: BODY })
    expect([status, headers['content-type'], delivered.length]).toEqual([415, 'text/plain; charset=utf-8', 0])
    expect(body.toString()).toMatch(/^FIELDSEAL_REQUEST_INVALID: .+; Send OTLP logs over HTTP\/1\.1.+\n$/)
    expect(body.toString()).not.toContain(CANARY)
  },
)

test('a query, and the absolute form of the address, do not matter', async () => {
  const { port } = await startSource()
  for (const path of ['/v1/logs?source=a', 'http://collector:4318/v1/logs']) {
    expect((await ask(port, { path, body: BODY })).status).toBe(200)
  }
})

test('every code of the table has an answer that tells a client to keep the batch or to mend it', async () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { port } = await startSource({ deliver: async () => refused(new FieldsealError(code, 'as it is')) })
    const { status } = await ask(port, { body: BODY })
    expect([400, 413, 500, 503]).toContain(status)
    // A client drops a batch only where the fault is its own, or the backend's last word.
    if (status !== 503) expect(ERRORS[code].retryable).toBe(false)
  }
})
