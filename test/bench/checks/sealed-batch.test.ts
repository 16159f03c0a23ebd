import { describe, expect, test } from 'vitest'
import { type DecodedRequest, decodeRequest, recordsOf, requestType } from '../../../bench/checks/otlp-messages.ts'
import { checkSealedBatch, type NamedOpener } from '../../../bench/checks/sealed-batch.ts'
import type { Batch } from '../../../bench/workloads/batch.ts'
import { encodeRequest, type LogRecord } from '../../../bench/workloads/otlp-request.ts'

const ADDRESS = 'ines.novak@example.org'
const OTHER_ADDRESS = 'oskar.petrov@example.org'

const record = (body: string, user: string): LogRecord => ({
  timeUnixNano: 1_790_000_000_000_000_001n,
  severityNumber: 9,
  severityText: 'INFO',
  body,
  attributes: [
    ['user', user],
    ['count', 3n],
  ],
  flags: 1,
  traceId: Buffer.alloc(16, 7),
  spanId: Buffer.alloc(8, 9),
})

const records = [
  record('nothing here', 'none'),
  record(`from ${ADDRESS} today`, 'none'),
  record('whole', OTHER_ADDRESS),
]
const batch: Batch = {
  bytes: encodeRequest([{ resource: [['service.name', 'shop']], scopeName: 'test', records }]),
  records: 3,
  planted: [
    { record: 1, place: 'body', key: '', value: ADDRESS },
    { record: 2, place: 'attribute', key: 'user', value: OTHER_ADDRESS },
  ],
}

/** Stands in for a JWE: what opening it gives, hidden from a search for the plaintext. */
const sealed = (plaintext: string): string =>
  JSON.stringify({ ciphertext: Buffer.from(plaintext).toString('base64url'), tag: 'abcdefgh12345' })
const opener = (open: (plaintext: string) => string = (plaintext) => plaintext): NamedOpener => ({
  name: 'the test',
  atMost: 9,
  open: (jwe) => open(Buffer.from((JSON.parse(jwe) as { ciphertext: string }).ciphertext, 'base64url').toString()),
})

/** The batch as the engine should give it back, altered by `alter`. */
function output(alter: (request: DecodedRequest) => void = () => {}): Uint8Array {
  const request = decodeRequest(batch.bytes)
  const [, second, third] = recordsOf(request)
  second!.body = { stringValue: 'from [sealed:email:abcdefgh/0] today' }
  const jwe = sealed(JSON.stringify({ 0: { path: 'body', text: ADDRESS } }))
  second!.attributes!.push({ key: 'fieldseal.sealed', value: { arrayValue: { values: [{ stringValue: jwe }] } } })
  third!.attributes![0]!.value = { stringValue: sealed(OTHER_ADDRESS) }
  alter(request)
  return requestType.encode(requestType.fromObject(request)).finish()
}

const check = (bytes: Uint8Array, open = opener()): Promise<string[]> => checkSealedBatch(batch, bytes, [open])

describe('the check of a sealed batch', () => {
  test('passes where both values are sealed and nothing else has changed', async () => {
    expect(await check(output())).toEqual([])
  })

  test('reports a batch that was not sealed at all', async () => {
    expect(await check(batch.bytes)).toEqual([
      'record 1: the planted value is in the clear',
      'record 1: the test does not open it to the planted value',
      'record 2: the planted value is in the clear',
      'record 2: the test does not open it to the planted value',
    ])
  })

  test('reports a planted value that is left anywhere, in another record too', async () => {
    const bytes = output((request) => {
      request.resourceLogs[0]!.resource!.attributes!.push({ key: 'copy', value: { stringValue: `x${ADDRESS}x` } })
    })
    expect(await check(bytes)).toEqual(['record 1: the planted value is in the clear'])
  })

  test('reports a record that is lost', async () => {
    const bytes = output((request) => request.resourceLogs[0]!.scopeLogs[0]!.logRecords!.shift())
    expect(await check(bytes)).toEqual(['2 records came out of 3'])
  })

  test.each<[string, (request: DecodedRequest) => void]>([
    ['another attribute', (request) => recordsOf(request)[1]!.attributes!.splice(1, 1)],
    ['a time', (request) => Object.assign(recordsOf(request)[1]!, { timeUnixNano: '1790000000000000002' })],
    ['an added attribute', (request) => recordsOf(request)[1]!.attributes!.push({ key: 'new', value: {} })],
  ])('reports %s that has changed in a record with a planted value', async (_, alter) => {
    expect(await check(output(alter))).toEqual(['record 1: more was changed than the planted value'])
  })

  test('reports a value that opens to something else, and one that does not open', async () => {
    const problem = (index: number): string => `record ${index}: the test does not open it to the planted value`
    expect(
      await check(
        output(),
        opener((plaintext) => plaintext.replace('ines', 'anna')),
      ),
    ).toEqual([problem(1)])
    const refusing = opener(() => {
      throw new Error('refused')
    })
    expect(await check(output(), refusing)).toEqual([problem(1), problem(2)])
  })

  test('reports text that was lost around a placeholder', async () => {
    const bytes = output((request) => {
      recordsOf(request)[1]!.body = { stringValue: '[sealed:email:abcdefgh/0] today' }
    })
    expect(await check(bytes)).toEqual(['record 1: the test does not open it to the planted value'])
  })

  test('reports a batch without matches that is not passed on byte for byte', async () => {
    const bytes = requestType.encode(requestType.decode(batch.bytes)).finish()
    const changed = Buffer.concat([bytes, Buffer.from([0x0a, 0x00])])
    expect(await checkSealedBatch({ ...batch, planted: [] }, changed, [])).toEqual([
      'a batch without matches was changed',
    ])
  })
})
