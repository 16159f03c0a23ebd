import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnyValue, type Attributes, type LogRecord, SeverityNumber } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../rules/schema/index.ts'
import { engineFor, openAs, SEALED } from '../processor/engine/fixtures.ts'

interface Posted {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Longer than any test takes: what is tested is the bytes, not the time. */
const NO_LIMIT_MS = 2 ** 31 - 1

/** Keys of attributes: OpenTelemetry's SDK leaves out those that are empty. */
const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })

/** Everything that OpenTelemetry's API takes as a value. */
const { anyValue } = fc.letrec((tie) => ({
  anyValue: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(2 ** 53 + 2, 2 ** 60, -(2 ** 62), 2 ** 63, -(2 ** 63), 2 ** 64, 1e21, Number.MAX_VALUE, 5e-324),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie('anyValue'), { maxLength: 4 }),
    fc.dictionary(key, tie('anyValue'), { maxKeys: 4 }),
  ),
}))

/** What OpenTelemetry's exporter posts for these records: one request. */
async function posted(records: readonly LogRecord[], resource: Attributes = {}): Promise<Posted> {
  const requests: Posted[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks) })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const exporter = new OTLPLogExporter({ url: `http://127.0.0.1:${port}/v1/logs`, timeoutMillis: NO_LIMIT_MS })
  const processor = new BatchLogRecordProcessor({
    exporter,
    scheduledDelayMillis: NO_LIMIT_MS,
    exportTimeoutMillis: NO_LIMIT_MS,
  })
  const provider = new LoggerProvider({ resource: resourceFromAttributes(resource), processors: [processor] })
  const logger = provider.getLogger('checkout', '1.2.3', { attributes: { 'scope.owner': 'team@example.com' } })
  for (const record of records) logger.emit(record)
  await provider.forceFlush({ timeoutMillis: NO_LIMIT_MS })
  await provider.shutdown()
  server.close()
  server.closeAllConnections()
  expect(requests).toHaveLength(1)
  return requests[0]!
}

/** The values that are planted, as they stand in the request. */
const PLANTED = {
  email: 'jane.doe@example.com',
  integer: '1152921504606847000',
  double: '0.123456789',
  bytes: Buffer.from('jane.doe@example.com').toString('base64'),
  text: 'Jürgen "J" \\ 😀',
} as const

const RECORDS: readonly LogRecord[] = [
  { body: `user ${PLANTED.email} paid`, severityNumber: SeverityNumber.INFO, severityText: 'INFO', eventName: 'paid' },
  { body: PLANTED.email, attributes: { 'user.email': PLANTED.email, untouched: 'stays' } },
  { body: { message: 'nested', of: [{ user: { email: PLANTED.email } }, [PLANTED.email, 'beside', 7]] } },
  {
    attributes: {
      secret_text: PLANTED.text,
      secret_empty: '',
      secret_integer: 2 ** 60,
      secret_double: 0.123456789,
      secret_boolean: true,
      secret_bytes: Buffer.from(PLANTED.email),
      secret_map: { inner: { address: PLANTED.email }, big: 2 ** 60, list: [true, null, 0.123456789], none: {} },
      secret_list: [PLANTED.text, 2 ** 60, Buffer.from(PLANTED.email), []],
      secret_nothing: null,
      bytes: Buffer.from(PLANTED.email),
      integer: 2 ** 53 + 2,
      double: 1.5,
      boolean: false,
      empty: '',
      nothing: null,
      no_elements: [],
      no_entries: {},
    } as Attributes,
  },
  { body: '' },
  {},
]

const RULES: readonly RuleInput[] = [
  { id: 'addresses', detect: 'email', seal: { to: 'all' } },
  { id: 'secrets', key: '^secret_', seal: { to: 'all' } },
]
const EVERYTHING: RuleInput = {
  id: 'everything',
  path: ['body', 'attributes.**', 'resource.**', 'scope.**'],
  seal: { to: 'all' },
}

/**
 * A request by `JSON.parse`, with what the exporter does in its own way put right: it writes integers as numbers, where
 * the mapping of protobuf says text; it calls every number without a fraction an integer, also one that an int64 cannot
 * hold, which comes back as the double that it is; and what is no finite number is null, which says in protobuf's JSON
 * that nothing is there.
 */
function decoded(bytes: Buffer): { resourceLogs: [{ resource: object; scopeLogs: [{ logRecords: Decoded[] }] }] } {
  return JSON.parse(bytes.toString(), (_, value) => {
    if (typeof value !== 'object' || value === null) return value
    if ('doubleValue' in value && value.doubleValue === null) return {}
    if (!('intValue' in value)) return value
    const number = Number(value.intValue)
    return Math.abs(number) < 2 ** 63 ? { intValue: number } : { doubleValue: number }
  })
}

/** A value that is sealed whole, in either layout. */
const WHOLE = /^\{"protected":"|^\[sealed:everything:[\w-]{8}\/\d+\]$/

interface Decoded {
  readonly body?: object
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

function recordsOf(bytes: Buffer): Decoded[] {
  return decoded(bytes).resourceLogs[0].scopeLogs[0].logRecords
}

/** Bodies and attributes that are no sealed values and hold something. */
function inTheClear(bytes: Buffer): object[] {
  return recordsOf(bytes)
    .flatMap(({ body, attributes }) => [
      ...(body === undefined ? [] : [body]),
      ...attributes.filter(({ key }) => key !== 'fieldseal.sealed').map(({ value }) => value),
    ])
    .filter((value) => {
      const [content] = Object.values(value)
      return content !== undefined && content !== '' && !WHOLE.test(content)
    })
}

test('the exporter posts what the records hold', async () => {
  const { path, headers, body } = await posted(RECORDS)
  expect([path, headers['content-type']]).toEqual(['/v1/logs', 'application/json'])
  expect(recordsOf(body)).toHaveLength(RECORDS.length)
  for (const text of Object.values(PLANTED)) expect(body.toString()).toContain(JSON.stringify(text).slice(1, -1))
})

describe.each(['value', 'record'] as const)('a request of the exporter, sealed in the layout by %s', (layout) => {
  test('holds none of what was planted, and opens to what was sent', async () => {
    const { body } = await posted(RECORDS, { 'service.name': 'shop', owner: PLANTED.email })
    const { bytes, records } = engineFor(RULES, { layout }).seal(body, 'otlp-json')
    expect(records).toBe(RECORDS.length)
    const sealed = bytes.toString()
    for (const text of Object.values(PLANTED)) expect(sealed).not.toContain(JSON.stringify(text).slice(1, -1))
    expect(sealed).not.toContain('team@example.com')
    const opened = openAs(['dpo'], bytes, 'otlp-json')
    expect(opened).toMatchObject({ records: RECORDS.length, unopened: 0, moved: 0 })
    expect(decoded(opened.bytes)).toEqual(decoded(body))
  })

  test('keeps what no rule touches as it was', async () => {
    const { body } = await posted(RECORDS)
    const { bytes } = engineFor(RULES, { layout }).seal(body, 'otlp-json')
    const untouched = (record: Decoded) => ({
      ...record,
      body: undefined,
      attributes: record.attributes.filter(
        ({ key }) => !key.startsWith('secret_') && !['user.email', 'bytes', 'fieldseal.sealed'].includes(key),
      ),
    })
    const before = recordsOf(body).map(untouched)
    expect(before[3]!.attributes).toHaveLength(7)
    expect(recordsOf(bytes).map(untouched)).toEqual(before)
  })

  test('opens to any values that a program may log', async () => {
    const engine = engineFor([EVERYTHING], { layout })
    await fc.assert(
      fc.asyncProperty(anyValue, fc.dictionary(key, anyValue), async (logged, attributes) => {
        const record = { body: logged as AnyValue, attributes: attributes as Attributes }
        const { body } = await posted([record], { 'service.name': 'shop' })
        const { bytes } = engine.seal(body, 'otlp-json')
        expect(inTheClear(bytes)).toEqual([])
        const opened = openAs(['fraud'], bytes, 'otlp-json')
        expect(opened.unopened).toBe(0)
        expect(decoded(opened.bytes)).toEqual(decoded(body))
      }),
      { numRuns: 60 },
    )
  })
})

test('a whole value stands in the request as a JWE in a string', async () => {
  const { body } = await posted(RECORDS)
  const { bytes } = engineFor(RULES).seal(body, 'otlp-json')
  const secrets = recordsOf(bytes)[3]!.attributes.filter(({ key }) => key.startsWith('secret_'))
  expect(secrets.map(({ key }) => key)).toContain('secret_map')
  for (const { key, value } of secrets) {
    // There is nothing in them that could be sealed.
    if (key === 'secret_nothing') expect(value).toEqual({})
    else if (key === 'secret_empty') expect(value).toEqual({ stringValue: '' })
    else expect(value, key).toEqual({ stringValue: expect.stringMatching(SEALED) })
  }
})

test('a request in which nothing matches is passed on as the same buffer', async () => {
  const { body } = await posted([
    {
      body: 'user 4711 paid',
      attributes: { amount: 12.5, ids: [2 ** 60], empty: '', more: { a: null } } as Attributes,
    },
    {},
  ])
  const quiet = engineFor([{ id: 'addresses', detect: 'email', path: ['body', 'attributes.**'], seal: { to: 'all' } }])
  const { bytes, records, values } = quiet.seal(body, 'otlp-json')
  expect(bytes).toBe(body)
  expect([records, values.size]).toEqual([2, 0])
})

test('a request that was sealed for others stays as it is when it is opened', async () => {
  const { body } = await posted(RECORDS)
  const { bytes } = engineFor([{ id: 'one', detect: 'email', seal: { to: 'fraud' } }]).seal(body, 'otlp-json')
  expect(openAs(['dpo', 'security'], bytes, 'otlp-json').bytes).toEqual(bytes)
})
