import { describe, expect, test } from 'vitest'
import { requestType } from '../../../../bench/checks/otlp-messages.ts'
import { bytes, double, integer, type LogRecord, map, text } from '../../../conformance/model.ts'
import { WAYS } from '../../../conformance/ways.ts'
import { arr, bin, ext, int, type Pack, map as pairs, str, writePack } from '../../../fuzz/message-pack-tree.ts'
import { writeProtobuf } from '../../../fuzz/protobuf-tree.ts'
import { leaksIn, leaksOf, scanFor } from './scans.ts'

const JANE = 'jane.doe@example.com'
const CARD = '4111111111111111'
const scan = scanFor()

describe.each(WAYS.filter(({ format }) => !['text', 'json-lines'].includes(format)))('$format', (way) => {
  const record: LogRecord = {
    resource: [
      ['service.name', text('shop')],
      ['host', text(JANE)],
    ],
    scope: [],
    body: text('nothing'),
    attributes: [],
  }

  test('what is said once of several records counts once, and for the first of them', () => {
    const { records, leakingRecords, leaks, unreadable } = scan.scan(way.write([record, record]), way.format)
    expect({ records, unreadable }).toEqual({ records: 2, unreadable: false })
    // Each record has a resource of its own here.
    expect([...leakingRecords]).toEqual([['shop', 2]])
    expect([...leaks.values()]).toEqual([
      { leak: { detector: 'email', path: 'resource.host', service: 'shop' }, count: 2 },
    ])
  })

  test('a record counts once, whatever is in it; one without a finding does not', () => {
    const clean: LogRecord = { ...record, resource: [['service.name', text('shop')]] }
    const full: LogRecord = { ...clean, body: text(`${JANE} ${CARD}`), attributes: [['x', text(JANE)]] }
    const report = scan.scan(way.write([clean, full, clean]), way.format)
    expect([...report.leakingRecords]).toEqual([['shop', 1]])
    expect(leaksOf(report)).toEqual(['email attributes.x shop 1', 'email body shop 1', 'payment_card body shop 1'])
  })

  test('a service whose name says more than it should is shown as *', () => {
    const odd: LogRecord = { resource: [['service.name', text(JANE)]], scope: [], body: text(JANE), attributes: [] }
    const report = scan.scan(way.write([odd]), way.format)
    expect(leaksOf(report)).toEqual(['email body * 1', 'email resource.service.name * 1'])
    expect([...report.leakingRecords]).toEqual([['*', 1]])
  })

  test('numbers are looked at as text, bytes as what can be read in them', () => {
    const attributes: LogRecord['attributes'] = [
      ['a', integer(BigInt(CARD))],
      ['b', double(4_111_111_111_111_111)],
      ['c', bytes(`of ${JANE}`)],
      ['d', bytes(Buffer.concat([Buffer.from([0xff, 0xfe, 0x20]), Buffer.from(JANE), Buffer.from([0x20, 0xc3])]))],
    ]
    const report = scan.scan(way.write([{ resource: [], scope: [], body: undefined, attributes }]), way.format)
    expect(leaksOf(report)).toEqual([
      'email attributes.c  1',
      'email attributes.d  1',
      'payment_card attributes.a  1',
      'payment_card attributes.b  1',
    ])
  })

  test('paths are shown as rules have them, keys with a finding as *', () => {
    const attributes: LogRecord['attributes'] = [['odd key', map([JANE, map(['a.b', text(JANE)])])]]
    const report = scan.scan(way.write([{ resource: [], scope: [], body: undefined, attributes }]), way.format)
    expect(leaksOf(report)).toEqual(['email attributes["odd key"].*  1', 'email attributes["odd key"].*.a.b  1'])
  })
})

test('batches that are looked at in turns are told apart', () => {
  const lines = [`{"msg":"${JANE}"}\n{"msg":"x"}\n`, `{"msg":"x"}\n{"a":"${CARD}"}\n`]
  const under = lines.map((text) => scan.steps(Buffer.from(text), 'json-lines'))
  for (let step = 0; step < 2; step += 1) {
    for (const steps of under) expect(steps.next().done).toBe(false)
  }
  const reports = under.map((steps) => steps.next().value!)
  expect(reports.map(leaksOf)).toEqual([['email body  1'], ['payment_card attributes.a  1']])
  expect(reports.map(({ records }) => records)).toEqual([2, 2])
})

test('paths that are ignored are not looked at', () => {
  const own = scanFor(undefined, { ignore: ['attributes.user.**', 'body'] })
  const line = JSON.stringify({ msg: JANE, user: { mail: JANE, 'x.y': [JANE] }, 'user.z': JANE, other: JANE })
  expect(leaksOf(own.scan(Buffer.from(line), 'json-lines'))).toEqual(['email attributes.other  1'])
  expect(() => scanFor(undefined, { ignore: ['nowhere.x'] })).toThrow('ignore: a path begins with')
})

test('fields of OTLP that are no attributes are looked at, and fields that no schema knows', () => {
  const record = { severityText: JANE, eventName: JANE, body: { stringValue: 'x' } }
  const request = requestType.fromObject({
    resourceLogs: [
      {
        schemaUrl: `https://${JANE}/`,
        scopeLogs: [{ scope: { name: JANE, version: JANE }, schemaUrl: JANE, logRecords: [record] }],
      },
    ],
  })
  const sent = Buffer.from(requestType.encode(request).finish())
  const json = Buffer.from(JSON.stringify(requestType.toObject(request)))
  const places = ['event_name', 'resource.schema_url', 'scope.name', 'scope.schema_url', 'scope.version', 'severity']
  const mails = (leaks: string[]) => leaks.filter((leak) => leak.startsWith('email')).map((leak) => leak.split(' ')[1])
  expect(mails(leaksOf(scan.scan(json, 'otlp-json')))).toEqual(places)
  expect(mails(leaksOf(scan.scan(sent, 'otlp-protobuf')))).toEqual(places)
})

describe('fields that no schema knows', () => {
  const text2 = (number: number, content: string) => ({ number, wire: 2, content: Buffer.from(content) })

  test('of protobuf, as texts and as messages, at each level', () => {
    const inner = { number: 77, wire: 2, content: [text2(1, CARD), { number: 2, wire: 0, content: 5n }] }
    const sent = writeProtobuf([
      text2(99, JANE),
      {
        number: 1,
        wire: 2,
        content: [
          text2(98, `at ${JANE}`),
          {
            number: 2,
            wire: 2,
            content: [{ number: 2, wire: 2, content: [inner, { number: 9, wire: 2, content: Buffer.from(JANE) }] }],
          },
        ],
      },
    ])
    const report = scan.scan(sent, 'otlp-protobuf')
    expect(leaksOf(report)).toEqual(['email unknown  3', 'payment_card unknown  1'])
    expect([...report.leakingRecords]).toEqual([['unknown', 1]])
    expect(report.unreadable).toBe(false)
  })

  test('of JSON, keys included, be they where they are', () => {
    const sent = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'a', value: { stringValue: 'x', odd: JANE } }], more: JANE },
          scopeLogs: [{ logRecords: [{ [JANE]: 1, traceId: JANE, timeUnixNano: '1700000000000000000' }] }],
          other: [{ deep: [JANE] }],
        },
      ],
      last: Number(CARD),
    }
    const report = scan.scan(Buffer.from(JSON.stringify(sent)), 'otlp-json')
    expect(leaksOf(report)).toEqual(['email unknown  5', 'payment_card unknown  1'])
  })
})

describe('JSON', () => {
  test('is read with members that are there twice, and with every digit', () => {
    expect(leaksIn(`{"a":"${JANE}","a":"x","n":${CARD},"m":4111111111111111.0,"e":4.111111111111111E15}`)).toEqual([
      'email attributes.a  1',
      'payment_card attributes.e  1',
      'payment_card attributes.m  1',
      'payment_card attributes.n  1',
    ])
  })

  test('hides nothing behind escapes', () => {
    expect(leaksIn('{"msg":"jane\\u002edoe\\u0040example.com"}')).toEqual(['email body  1'])
    expect(leaksIn('{"\\u006asg":{"x":"jane\\u002edoe\\u0040example.com"}}')).toEqual(['email attributes.jsg.x  1'])
  })

  test('that is none is a text, and the batch counts as one that nobody understands', () => {
    const report = scan.scan(Buffer.from(`{"msg":"${JANE}"\n{"msg":"x"}\n[1]\n`), 'json-lines')
    expect(report).toMatchObject({ records: 3, unreadable: true })
    expect(leaksOf(report)).toEqual(['email body  1'])
  })

  test('in a body is looked at as that where it is said that bodies are JSON', () => {
    const line = JSON.stringify({ log: JSON.stringify({ user: { mail: 'x' }, password: 'hunter2' }) })
    expect(leaksIn(line)).toContain('password_assignment body  1')
    expect(leaksIn(line, { parse: 'json' })).toEqual(['password body.password  1'])
  })

  test('fields of a record are its severity and times; what only has their name is an attribute', () => {
    expect(leaksIn(JSON.stringify({ level: 'info', time: 1717171717, trace_id: 'ab'.repeat(16) }))).toEqual([])
    expect(leaksIn(JSON.stringify({ level: JANE, time: JANE, trace_id: JANE }))).toEqual([
      'email attributes.level  1',
      'email attributes.time  1',
      'email attributes.trace_id  1',
    ])
  })
})

describe('Fluent Forward', () => {
  const entry = arr(int(1), pairs({ log: str(JANE) }))

  test.each([
    ['message mode', arr(str('app'), int(1), pairs({ log: str(JANE) }))],
    ['forward mode', arr(str('app'), arr(entry))],
    ['packed, in a text', arr(str('app'), { kind: 'stream', items: [entry], as: 'text', wide: 3 } as const)],
    ['packed, in bytes', arr(str('app'), { kind: 'stream', items: [entry], as: 'binary', wide: 1 } as const)],
  ])('%s', (_name, message) => {
    const report = scan.scan(writePack(message), 'forward')
    expect(leaksOf(report)).toEqual(['email body  1'])
    expect(report).toMatchObject({ records: 1, unreadable: false })
  })

  test('tag, option and metadata are looked at', () => {
    const metadata = pairs({
      otlp: pairs({ attributes: pairs({ a: str(JANE) }), event_name: str(JANE) }),
      x: str(JANE),
    })
    const message = arr(
      str(`app.${JANE}`),
      arr(arr(arr(int(1), metadata), pairs({}))),
      pairs({ chunk: str('p8n9gmxTQVC8/nh2wlKKeQ=='), more: str(JANE) }),
    )
    expect(leaksOf(scan.scan(writePack(message), 'forward'))).toEqual([
      'email attributes.a  1',
      'email attributes.x  1',
      'email event_name  1',
      'email resource.more  1',
      'email tag  1',
    ])
  })

  test('extensions, bytes, and keys that are no texts are looked at', () => {
    const record = pairs([
      [bin(Buffer.from(JANE)), int(1)],
      [arr(str(CARD), int(1)), int(1)],
      [str('e'), ext(5, Buffer.from(JANE))],
    ])
    const message = arr(str('app'), int(1), record)
    expect(leaksOf(scan.scan(writePack(message), 'forward'))).toEqual([
      'email attributes.*  1',
      'email attributes.e  1',
      'payment_card attributes.*  1',
    ])
  })

  test('a compressed message is one that nobody understands', () => {
    const packed: Pack = { kind: 'stream', items: [], as: 'binary', wide: 1 }
    const message = arr(str('app'), packed, pairs({ compressed: str('gzip') }))
    expect(scan.scan(writePack(message), 'forward')).toMatchObject({ records: 0, unreadable: true })
  })
})
