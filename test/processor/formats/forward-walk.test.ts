import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import {
  arr,
  bin,
  bool,
  eventTime,
  ext,
  float,
  int,
  map,
  nil,
  type Pack,
  str,
  writePack,
} from '../../fuzz/message-pack-tree.ts'
import { codeOf, engineFor } from '../engine/fixtures.ts'

const MAIL = 'jane@example.com'
const CARD = 4_111_111_111_111_111n

/** What rules find, and where: owner, path and text. */
function found(message: Pack | Buffer, rules: readonly RuleInput[] = FIND, bodyKeys?: readonly string[]): string[] {
  const engine = engineFor(rules, bodyKeys === undefined ? {} : { bodyKeys })
  const bytes = Buffer.isBuffer(message) ? message : writePack(message)
  const { matches } = engine.explain(bytes, 'forward', { misses: false })
  engine.close()
  return matches
    .filter(({ verdict }) => verdict.is !== 'unmet')
    .map(({ owner, path, text, onKey }) => `${owner} ${path}${onKey ? ' (key)' : ''}: ${text}`)
}

const FIND: readonly RuleInput[] = [{ id: 'find', detect: ['email', 'payment_card'], path: '**', mask: {} }]
const TAG = str('app.log')
const TIME = eventTime(1_700_000_000, 5)
const entry = (record: Pack, metadata?: Pack): Pack => arr(metadata === undefined ? TIME : arr(TIME, metadata), record)
const message = (record: Pack): Pack => arr(TAG, TIME, record)
const packed = (...items: Pack[]): Pack => arr(TAG, { kind: 'stream', items, as: 'binary' })
const refused = (pack: Pack | Buffer, limits = {}) => {
  const engine = engineFor(FIND, { limits })
  const bytes = Buffer.isBuffer(pack) ? pack : writePack(pack)
  const code = codeOf(() => engine.seal(bytes, 'forward'))
  engine.close()
  return code
}
const MALFORMED = 'FIELDSEAL_INPUT_MALFORMED'
const TOO_DEEP = 'FIELDSEAL_INPUT_TOO_DEEP'

describe('a message in', () => {
  const record = map({ log: str(MAIL) })
  const records = (count: number) => Array.from({ length: count }, (_, index) => `record ${index} body: ${MAIL}`)

  test.each<[string, Pack, number]>([
    ['Message mode', message(record), 1],
    ['Message mode with an option', arr(TAG, TIME, record, map({ chunk: str('Y2h1bms=\n'), size: int(1) })), 1],
    ['Message mode with an option that is nil', arr(TAG, TIME, record, nil), 1],
    ['Forward mode', arr(TAG, arr(entry(record), entry(record))), 2],
    ['Forward mode with an option', arr(TAG, arr(entry(record)), map({ size: int(1) })), 1],
    ['Forward mode without entries', arr(TAG, arr()), 0],
    ['PackedForward mode as bin', packed(entry(record), entry(record), entry(record)), 3],
    ['PackedForward mode as str', arr(TAG, { kind: 'stream', items: [entry(record)], as: 'text' }, nil), 1],
    [
      'PackedForward mode as str32',
      arr(TAG, { kind: 'stream', items: [entry(record)], as: 'text', wide: 3 }, map({ compressed: str('text') })),
      1,
    ],
    ['PackedForward mode without entries', packed(), 0],
  ])('%s has its records walked', (_, pack, count) => {
    expect(found(pack)).toEqual(records(count))
    const engine = engineFor(FIND)
    expect(engine.seal(writePack(pack), 'forward').records).toBe(count)
    engine.close()
  })

  test('any mode may have a tag and keys that are bin, and headers of any width', () => {
    const wide = (pack: Pack): Pack => ({ ...pack, wide: 3 }) as Pack
    const record = wide(map([[wide(bin(Buffer.from('log'))), wide(str(MAIL))]]))
    const tag = wide(bin(Buffer.from('app')))
    for (const pack of [
      wide(arr(tag, TIME, record)),
      wide(arr(tag, wide(arr(wide(arr(TIME, record)))))),
      wide(arr(tag, { kind: 'stream', items: [wide(arr(TIME, record))], as: 'binary', wide: 3 })),
    ])
      expect(found(pack)).toEqual([`record 0 body: ${MAIL}`])
  })

  test('nil says that the sender is there, and so do entries that are nil', () => {
    const engine = engineFor(FIND)
    for (const bytes of [Buffer.from([0xc0]), writePack(packed(nil, nil)), writePack(arr(TAG, arr(nil)))]) {
      const sealed = engine.seal(bytes, 'forward')
      expect(sealed.bytes).toBe(bytes)
      expect(sealed.records).toBe(0)
    }
    expect(engine.seal(writePack(packed(nil, entry(map({})), nil)), 'forward').records).toBe(1)
    engine.close()
  })

  test('times may be numbers of all kinds, EventTime in both forms, or nil', () => {
    const times = [
      int(0),
      int(1_700_000_000),
      int(2n ** 63n),
      int(-5),
      float(1_700_000_000_123.5),
      { ...float(0.5), single: true },
      TIME,
      { ...TIME, wide: 0 },
      nil,
    ] as Pack[]
    for (const time of times) expect(found(packed(arr(time, record)))).toHaveLength(1)
    for (const time of times) expect(found(arr(TAG, time, record))).toHaveLength(1)
  })
})

describe('what is no message is refused:', () => {
  const record = map({})
  test.each<[string, Pack | Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['JSON', Buffer.from('["app",1,{"a":1}]')],
    ['a map', map({ tag: TAG })],
    ['an array of a tag alone', arr(TAG)],
    ['a time without a record', arr(TAG, TIME)],
    ['too many elements in Message mode', arr(TAG, TIME, record, nil, nil)],
    ['too many elements in Forward mode', arr(TAG, arr(), nil, nil)],
    ['a tag that is a number', arr(int(1), TIME, record)],
    ['a record that is a text', message(str(MAIL))],
    ['a record that is nil', message(nil)],
    ['an entry that is a map', packed(map({}))],
    ['an entry of one element', packed(arr(TIME))],
    ['an entry of three elements', packed(arr(TIME, record, str(MAIL)))],
    ['a time that is a text', packed(arr(str(MAIL), record))],
    ['a time that is a boolean', packed(arr(bool(true), record))],
    ['an extension of another type as a time', packed(arr(ext(1, Buffer.alloc(8)), record))],
    ['an EventTime of another length', packed(arr(ext(0, Buffer.alloc(12)), record))],
    ['a time with metadata that is a text', packed(arr(arr(TIME, str(MAIL)), record))],
    ['a time with two kinds of metadata', packed(arr(arr(TIME, map({}), map({})), record))],
    ['an option that is an array', arr(TAG, arr(), arr())],
    [
      'a stream that is compressed',
      arr(TAG, bin(Buffer.from('1f8b0800000000000003', 'hex')), map({ compressed: str('gzip') })),
    ],
    [
      'a stream that says it is compressed',
      arr(TAG, { kind: 'stream', items: [entry(record)], as: 'binary' }, map({ compressed: str('gzip') })),
    ],
    [
      'an entry that goes beyond its stream',
      Buffer.concat([
        Buffer.from([0x93]),
        writePack(TAG),
        Buffer.from([0xc4, 2, 0x92, 0x01]),
        writePack(record),
        writePack(nil),
      ]),
    ],
    ['a message with something behind it', Buffer.concat([writePack(message(record)), Buffer.from([0xc0])])],
    ['a heartbeat with something behind it', Buffer.from([0xc0, 0xc0])],
    [
      'a value without a type',
      Buffer.concat([Buffer.from([0x93]), writePack(TAG), Buffer.from([0x01, 0x81, 0xa1, 0x61, 0xc1])]),
    ],
  ])('%s', (_, pack) => {
    expect(refused(pack)).toBe(MALFORMED)
  })
})

describe('in a record', () => {
  test('the first of body_keys is the body, and every other pair an attribute', () => {
    const record = map({ level: str('info'), message: str(`m ${MAIL}`), log: str(`l ${MAIL}`), user: str(MAIL) })
    expect(found(message(record)).toSorted()).toEqual([
      `record 0 attributes.log: ${MAIL}`,
      `record 0 attributes.user: ${MAIL}`,
      `record 0 body: ${MAIL}`,
    ])
    expect(found(message(record), FIND, ['user', 'log']).toSorted()).toEqual([
      `record 0 attributes.log: ${MAIL}`,
      `record 0 attributes.message: ${MAIL}`,
      `record 0 body: ${MAIL}`,
    ])
  })

  test('a body that is there twice is the body twice, and may be of any type', () => {
    const twice = map([
      [str('log'), str(MAIL)],
      [str('a'), nil],
      [bin(Buffer.from('log')), arr(str(MAIL), map({ x: str(MAIL) }))],
    ])
    expect(found(message(twice))).toEqual(['body', 'body[*]', 'body[*].x'].map((path) => `record 0 ${path}: ${MAIL}`))
  })

  test('what looks like a level or a time is a field, and anything else an attribute', () => {
    const fields = map({
      level: int(30),
      time: int(CARD),
      timestamp: str('2023-11-14T22:13:20Z'),
      trace_id: str('0'.repeat(32)),
      span_id: str(''),
    })
    expect(found(message(fields))).toEqual([])
    const others = map({
      level: str(MAIL),
      time: str(MAIL),
      timestamp: map({ a: str(MAIL) }),
      trace_id: str(MAIL),
      span_id: bin(Buffer.from(MAIL)),
    })
    expect(found(message(others))).toHaveLength(5)
  })

  test('numbers are seen by their digits, in whichever width', () => {
    for (const first of [undefined, 0xcf, 0xd3])
      expect(
        found(message(map({ pan: { kind: 'integer', value: CARD, ...(first === undefined ? {} : { first }) } }))),
      ).toEqual([`record 0 attributes.pan: ${CARD}`])
    expect(found(message(map({ pan: float(Number(CARD)) })))).toEqual([`record 0 attributes.pan: ${CARD}.0`])
    const small: readonly (readonly [bigint, number | undefined])[] = [
      [7n, undefined],
      [200n, 0xcc],
      [5n, 0xcc],
      [60_000n, 0xcd],
      [5n, 0xcd],
      [70_000n, 0xce],
      [-1n, undefined],
      [-32n, undefined],
      [-5n, 0xd0],
      [-300n, 0xd1],
      [-70_000n, 0xd2],
      [-(2n ** 63n), 0xd3],
      [2n ** 64n - 1n, 0xcf],
    ]
    for (const [value, first] of small) {
      const rule: RuleInput = { id: 'r', path: 'attributes.n', mask: {} }
      const pack: Pack = { kind: 'integer', value, ...(first === undefined ? {} : { first }) }
      expect(found(message(map({ n: pack })), [rule])).toEqual([`record 0 attributes.n: ${value}`])
      const own: RuleInput = { id: 'r', pattern: `^${value}$`, mask: {} }
      expect(found(message(map({ n: pack })), [own])).toEqual([`record 0 attributes.n: ${value}`])
    }
  })

  test('bytes and extensions are looked into where they are text', () => {
    const record = map({
      a: bin(Buffer.from(`of ${MAIL}`)),
      b: ext(7, Buffer.from(`of ${MAIL}`)),
      c: bin(Buffer.from([0xff, 0xfe])),
      d: ext(0, Buffer.from([0xff])),
    })
    expect(found(message(record))).toEqual([`record 0 attributes.a: of ${MAIL}`, `record 0 attributes.b: of ${MAIL}`])
  })

  test('what is found in a text that is not UTF-8 takes it whole', () => {
    const record = map({ a: { kind: 'text', bytes: Buffer.concat([Buffer.from([0xc3, 0x28]), Buffer.from(MAIL)]) } })
    expect(found(message(record))).toHaveLength(1)
  })

  test('maps and arrays in one another are walked', () => {
    const record = map({ user: map({ mails: arr(str(MAIL), arr(map({ x: str(MAIL) }))) }) })
    expect(found(message(record))).toEqual([
      `record 0 attributes.user.mails[*]: ${MAIL}`,
      `record 0 attributes.user.mails[*][*].x: ${MAIL}`,
    ])
  })

  test.each<[string, Pack, string]>([
    ['an integer', int(CARD), `${CARD}`],
    ['bytes', bin(Buffer.from(MAIL)), MAIL],
    ['an extension', ext(3, Buffer.from(MAIL)), MAIL],
    ['an array', arr(str('x'), arr(str(MAIL))), `x\n${MAIL}`],
    ['a map', map({ a: int(1), b: bin(Buffer.from(MAIL)) }), `a\n1\nb\n${MAIL}`],
    ['a map with a key that is a map', map([[map({ a: str(MAIL) }), bool(true)]]), `a\n${MAIL}\ntrue`],
  ])('a key that is %s is looked into like a text', (_, key, text) => {
    expect(found(message(map({ m: map([[key, str('x')]]) })))).toEqual([`record 0 attributes.m.* (key): ${text}`])
  })

  test('keys of every type lead to their values', () => {
    const keys = [
      int(5),
      int(-5),
      nil,
      bool(false),
      float(1.5),
      arr(),
      map({}),
      bin(Buffer.from('b')),
      ext(1, Buffer.from('e')),
      str(''),
    ]
    const record = map({ m: map(keys.map((key): [Pack, Pack] => [key, str(MAIL)])) })
    const names = ['.5', '.-5', '.nil', '.false', '.1.5', '[""]', '[""]', '.b', '.e', '[""]']
    expect(found(message(record))).toEqual(names.map((name) => `record 0 attributes.m${name}: ${MAIL}`))
  })
})

describe('metadata', () => {
  const otlp = (fields: Readonly<Record<string, Pack>>): Pack => map({ otlp: map(fields) })

  test('attributes of OTLP in it are attributes of the record', () => {
    const metadata = otlp({ attributes: map({ user: str(MAIL), nested: map({ a: str(MAIL) }) }) })
    const expected = [`record 0 attributes.user: ${MAIL}`, `record 0 attributes.nested.a: ${MAIL}`]
    expect(found(packed(entry(map({}), metadata)))).toEqual(expected)
    expect(found(arr(TAG, arr(entry(map({}), metadata))))).toEqual(expected)
    expect(found(arr(TAG, TIME, map({}), map({ metadata })))).toEqual(expected)
  })

  test('ids, times and counts of OTLP are none of the rules’', () => {
    const fields = {
      timestamp: int(CARD),
      observed_timestamp: int(CARD),
      trace_flags: int(1),
      dropped_attributes_count: int(0),
      trace_id: bin(Buffer.from('jane@example.com')),
      span_id: bin(Buffer.alloc(8)),
    }
    expect(found(packed(entry(map({}), otlp(fields))))).toEqual([])
    const asText = { trace_id: str('4111111111111111'.repeat(2)), span_id: str('4111111111111111') }
    expect(found(packed(entry(map({}), otlp(asText))))).toEqual([])
  })

  test('what is not known in it, or of another type, is an attribute: nothing of a record is out of sight', () => {
    const metadata = map({
      otlp: map({
        trace_id: str(MAIL),
        timestamp: str(MAIL),
        attributes: str(MAIL),
        new: str(MAIL),
        severity_number: str(MAIL),
      }),
      other: map({ a: str(MAIL) }),
    })
    expect(found(packed(entry(map({}), metadata)))).toEqual(
      ['trace_id', 'timestamp', 'attributes', 'new', 'severity_number', 'other.a'].map(
        (name) => `record 0 attributes.${name}: ${MAIL}`,
      ),
    )
    expect(found(packed(entry(map({}), map({ otlp: str(MAIL) }))))).toEqual([`record 0 attributes.otlp: ${MAIL}`])
  })

  test('may be nil, and that of another mode is none', () => {
    expect(found(packed(entry(map({ log: str(MAIL) }), nil)))).toHaveLength(1)
    expect(found(arr(TAG, arr(entry(map({}))), map({ metadata: map({ a: str(MAIL) }) })))).toEqual([
      `resource 1 resource.metadata.a: ${MAIL}`,
    ])
  })

  test('severity and event name are read by conditions, and never altered', () => {
    const where = (field: string, value: string | number): RuleInput[] => [
      { id: 'r', path: 'attributes.a', where: { [field]: value }, mask: {} },
    ]
    const record = map({ a: str('x') })
    const fields = otlp({ severity_number: int(17), severity_text: str('ERROR'), event_name: str('login') })
    for (const rule of [where('severity', 17), where('severity', 'ERROR'), where('event_name', 'login')])
      expect(found(packed(entry(record, fields)), rule)).toEqual(['record 0 attributes.a: x'])
    for (const rule of [where('severity', 9), where('event_name', 'logout')])
      expect(found(packed(entry(record, fields)), rule)).toEqual([])
    expect(found(packed(entry(record, otlp({ severity_text: str(MAIL), event_name: str(MAIL) }))))).toEqual([])
    expect(found(message(map({ a: str('x'), level: str('error') })), where('severity', 'error'))).toHaveLength(1)
  })
})

describe('groups of Fluent Bit', () => {
  const start = (resource: Pack, scope: Pack): Pack =>
    arr(
      arr(eventTime(0xffffffff), map({ schema: str('otlp'), resource_id: int(CARD), scope_id: int(2) })),
      map({ resource, scope }),
    )
  const end = arr(arr(eventTime(0xfffffffe), map({})), map({}))
  const record = entry(map({ a: str('x') }))

  test('have the resource and scope of the records in them, and are no records', () => {
    const group = start(
      map({ attributes: map({ owner: str(MAIL) }) }),
      map({ name: str(MAIL), version: str(MAIL), attributes: map({ lead: str(MAIL) }) }),
    )
    const pack = packed(group, record, record, end)
    expect(found(pack)).toEqual([`resource 0 resource.owner: ${MAIL}`, `scope 0 scope.lead: ${MAIL}`])
    const engine = engineFor(FIND)
    expect(engine.seal(writePack(pack), 'forward').records).toBe(2)
    engine.close()
  })

  test('give conditions their fields, up to the end of the group', () => {
    const where = (field: string, value: string): RuleInput[] => [
      { id: 'r', path: 'attributes.a', where: { [field]: value }, hash: { key: 'k' } },
    ]
    const pack = packed(
      record,
      start(map({ attributes: map({ env: str('live') }) }), map({ name: str('lib'), version: str('2') })),
      record,
      record,
      end,
      record,
      start(map({ attributes: map({ env: str('test') }) }), map({ name: str('lib') })),
      record,
    )
    expect(found(pack, where('resource.env', 'live'))).toEqual(['record 1 attributes.a: x', 'record 2 attributes.a: x'])
    expect(found(pack, where('resource.env', 'test'))).toEqual(['record 4 attributes.a: x'])
    expect(found(pack, where('scope.name', 'lib'))).toHaveLength(3)
    expect(found(pack, where('scope.version', '2'))).toHaveLength(2)
    const forward = arr(
      TAG,
      arr(start(map({ attributes: map({ env: str('live') }) }), map({})), record, start(map({}), map({})), record),
    )
    expect(found(forward, where('resource.env', 'live'))).toEqual(['record 0 attributes.a: x'])
  })

  test('what is not known in them, or of another type, is part of the resource or scope', () => {
    const marker = arr(
      arr(eventTime(0xffffffff), map({ schema: str(MAIL), resource_id: str(MAIL), more: str(MAIL) })),
      map({
        resource: map({ attributes: str(MAIL), schema_url: str(`https://${MAIL}`), dropped_attributes_count: int(1) }),
        scope: map({ name: bin(Buffer.from(MAIL)), other: arr(str(MAIL)) }),
        third: map({ a: str(MAIL) }),
      }),
    )
    const paths = found(packed(marker, end)).map((line) => line.split(':')[0])
    expect(paths).toEqual([
      'resource 0 resource.schema',
      'resource 0 resource.resource_id',
      'resource 0 resource.more',
      'resource 0 resource.attributes',
      'resource 0 resource.schema_url',
      'scope 0 scope.name',
      'scope 0 scope.other[*]',
      'resource 0 resource.third.a',
    ])
    expect(found(packed(arr(eventTime(0xffffffff), map({ resource: str(MAIL) }))))).toEqual([
      `resource 0 resource.resource: ${MAIL}`,
    ])
    expect(
      found(packed(arr(eventTime(0xfffffffe), map({ resource: map({ attributes: map({ a: str(MAIL) }) }) })))),
    ).toEqual([`resource 0 resource.a: ${MAIL}`])
  })

  test('are told by maps, or refused', () => {
    expect(refused(packed(arr(eventTime(0xffffffff), str(MAIL))))).toBe(MALFORMED)
    expect(refused(packed(arr(arr(eventTime(0xffffffff), str(MAIL)), map({}))))).toBe(MALFORMED)
  })

  test('begin by an EventTime alone: seconds as a number are a time in the year 2106', () => {
    expect(found(packed(arr(int(0xffffffff), map({ user: str(MAIL) }))))).toEqual([`record 0 attributes.user: ${MAIL}`])
  })
})

describe('beside the records', () => {
  test('the tag is read by conditions, and no detector looks at it', () => {
    const where = (tag: string): RuleInput[] => [
      { id: 'r', path: ['attributes.a', 'resource.**'], where: { tag }, hash: { key: 'k' } },
    ]
    const group = arr(eventTime(0xffffffff), map({ resource: map({ attributes: map({ r: str('x') }) }) }))
    const record = entry(map({ a: str('x') }))
    expect(found(packed(group, record, record), where('app.log'))).toEqual([
      'resource 0 resource.r: x',
      'record 0 attributes.a: x',
      'record 1 attributes.a: x',
    ])
    expect(found(packed(group, record, record), where('other'))).toEqual([])
    expect(found(arr(bin(Buffer.from('app.log')), TIME, map({ a: str('x') })), where('app.log'))).toHaveLength(1)
    expect(found(arr(str(MAIL), TIME, map({ a: str('x') })))).toEqual([])
  })

  test('options that senders need are left alone, and all others are looked into', () => {
    const known = map({ chunk: str(MAIL), size: int(CARD), compressed: str('text'), fluent_signal: int(0) })
    expect(found(arr(TAG, arr(), known))).toEqual([])
    const others = map({
      chunk: map({ a: str(MAIL) }),
      size: str(MAIL),
      fluent_signal: float(Number(CARD)),
      foo: str(MAIL),
    })
    expect(found(arr(TAG, arr(), others)).map((line) => line.split(':')[0])).toEqual(
      ['chunk.a', 'size', 'fluent_signal', 'foo'].map((name) => `resource 0 resource.${name}`),
    )
    expect(found(arr(TAG, TIME, map({}), map({ foo: str(MAIL), metadata: map({ a: str(MAIL) }) })))).toEqual([
      `record 0 attributes.a: ${MAIL}`,
      `resource 1 resource.foo: ${MAIL}`,
    ])
  })
})

describe('limits', () => {
  const nested = (levels: number): Pack => (levels === 0 ? str(MAIL) : arr(nested(levels - 1)))

  test('a record is nested as deep as limits.depth, and no deeper', () => {
    for (const place of [(pack: Pack) => map({ a: pack }), (pack: Pack) => map({ log: pack })]) {
      expect(refused(message(place(nested(64))))).toBe('nothing was thrown')
      expect(refused(message(place(nested(65))))).toBe(TOO_DEEP)
      expect(refused(packed(entry(map({}), place(nested(65)))))).toBe(TOO_DEEP)
    }
    expect(refused(message(map({ a: map([[nested(63), nil]]) })))).toBe('nothing was thrown')
    expect(refused(message(map({ a: map([[nested(64), nil]]) })))).toBe(TOO_DEEP)
  })

  test('a record may have limits.record bytes, and so may a group', () => {
    const record = (size: number) => map({ a: str('x'.repeat(size)) })
    for (const pack of [
      (size: number) => message(record(size)),
      (size: number) => packed(entry(map({})), entry(record(size))),
      (size: number) => packed(arr(eventTime(0xffffffff), record(size))),
    ]) {
      expect(refused(pack(100), { record: 200 })).toBe('nothing was thrown')
      expect(refused(pack(300), { record: 200 })).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    }
  })

  test('an error has the number of its record', () => {
    const engine = engineFor(FIND)
    const pack = packed(entry(map({})), nil, entry(map({})), entry(map({ a: nested(70) })))
    expect(() => engine.seal(writePack(pack), 'forward')).toThrow(
      expect.objectContaining({ place: expect.objectContaining({ record: 2 }) }),
    )
    engine.close()
  })

  test('arrays in arrays that claim all there is are refused at once: 72 kB of which another library dies', () => {
    const bomb = Buffer.from('dcffff'.repeat(24_000), 'hex')
    for (const bytes of [
      bomb,
      Buffer.concat([Buffer.from([0x93]), writePack(TAG), Buffer.from([0x01, 0x81, 0xa1, 0x61]), bomb]),
    ])
      expect([MALFORMED, TOO_DEEP]).toContain(refused(bytes))
    const stream = Buffer.concat([Buffer.from([0x92]), writePack(TAG), writePack(bin(bomb))])
    expect(refused(stream)).toBe(MALFORMED)
  })

  test('counts and lengths of four thousand million cost nothing', () => {
    for (const header of ['ddffffffff', 'dfffffffff', 'c6ffffffff', 'dbffffffff', 'c9ffffffff00', 'de7fff', 'dc7fff']) {
      const before = Buffer.concat([Buffer.from([0x93]), writePack(TAG), Buffer.from([0x01, 0x81, 0xa1, 0x61])])
      expect(refused(Buffer.concat([before, Buffer.from(header, 'hex')]))).toBe(MALFORMED)
      expect(refused(Buffer.concat([Buffer.from([0x92]), writePack(TAG), Buffer.from(header, 'hex')]))).toBe(MALFORMED)
    }
  })
})
