import { decode, decodeMulti, encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { createEngine, type EngineConfig } from '../../../processor/engine.ts'
import { convertTo } from '../../../processor/formats/conversion/index.ts'
import type { FormatName } from '../../../processor/formats/index.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'

const READER = generateKeyPair('X25519', 'reader')
const CARD = '4111 1111 1111 1111'
const ADDRESS = 'jane.doe@example.org'

function engineOf(rules: EngineConfig['rules'], leakScan: EngineConfig['leakScan'] = { inline: 'report' }) {
  return createEngine({ recipients: { default: READER.publicJwk }, rules, ...(leakScan && { leakScan }) })
}

function scan(record: object, rules: EngineConfig['rules'] = [], leakScan?: EngineConfig['leakScan']) {
  const sealed = engineOf(rules, leakScan).seal(Buffer.from(JSON.stringify(record)), 'json-lines')
  const found = (sealed.leaks?.findings ?? []).map(({ detector, path, count }) => `${count} ${detector} ${path}`)
  return { found, text: sealed.bytes.toString(), leaks: sealed.leaks }
}

const seal = (id: string, rule: object) => ({ id, seal: { to: ['default'] }, ...rule }) as EngineConfig['rules'][number]

describe('what no rule acts on', () => {
  test('is counted by detector and path, and stays as it is', () => {
    const record = { msg: `card ${CARD}`, user: { email: ADDRESS }, list: [ADDRESS, 'x', ADDRESS] }
    const { found, text, leaks } = scan(record)
    expect(found.sort()).toEqual(['1 email attributes.user.email', '1 payment_card body', '2 email attributes.list[*]'])
    expect(JSON.parse(text)).toEqual(record)
    expect(leaks?.records).toEqual(new Map([['unknown', 1]]))
  })

  test('is counted where it is a number, under a key that says what it is, or in a key', () => {
    const record = { number: 4111111111111111, password: 'correct horse', [ADDRESS]: 'x', card: { pin: 1234 } }
    const { found } = scan(record)
    expect(found.sort()).toEqual([
      '1 email attributes.*',
      '1 password attributes.password',
      '1 payment_card attributes.number',
      '1 pin attributes.card.pin',
    ])
  })

  test('is nothing where there is nothing', () => {
    expect(scan({ level: 30, time: 1717171717, msg: 'request completed', status: 200 }).leaks).toBeUndefined()
  })

  test('is not looked at on paths that are ignored, nor by detectors that are not named', () => {
    const record = { msg: ADDRESS, a: { b: ADDRESS }, card: CARD }
    expect(scan(record, [], { inline: 'report', ignore: ['attributes.a.**'], detectors: ['email'] }).found).toEqual([
      '1 email body',
    ])
  })
})

describe('what a rule acts on', () => {
  test('is no leak, be it sealed, dropped, hashed or masked, whole or in part', () => {
    const rules = [
      seal('cards', { detect: ['payment_card'] }),
      { id: 'mails', detect: ['email'], mask: {} },
      { id: 'secrets', key: ['password'], drop: {} },
    ]
    const { found, text } = scan({ msg: `${CARD} of ${ADDRESS}`, password: 'hunter2', to: ADDRESS, card: CARD }, rules)
    expect(found).toEqual([])
    expect(text).not.toContain(ADDRESS)
  })

  test('is a leak where a part of it stays', () => {
    const rules = [seal('first', { pattern: 'jane' })]
    const { found, text } = scan({ msg: `${ADDRESS} and ${ADDRESS}` }, rules)
    expect(text).toContain('.doe@example.org')
    expect(found).toEqual(['2 email body'])
  })

  test('is a leak where an exception, an audit or a condition keeps the rule away, and not where the path is ignored', () => {
    const expires = '2099-12-31'
    const exception = { name: 'status', path: 'attributes.to', reason: 'public', owner: 'platform', expires }
    const ways = [{ except: [exception] }, { mode: 'audit', expires }, { where: { 'attributes.env': ['x'] } }]
    for (const way of ways) {
      const rules = [{ id: 'mails', detect: ['email'], mask: {}, ...way }] as EngineConfig['rules']
      const record = { to: ADDRESS, env: 'y' }
      expect(scan(record, rules).found).toEqual(['1 email attributes.to'])
      expect(scan(record, rules, { inline: 'report', ignore: ['attributes.to'] }).found).toEqual([])
    }
  })

  test('has nothing to do with what stands beside it', () => {
    const { found } = scan({ msg: `${CARD} of ${ADDRESS}` }, [seal('cards', { detect: ['payment_card'] })])
    expect(found).toEqual(['1 email body'])
  })

  test('is no leak in a second stage', () => {
    const rules = [
      seal('cards', { detect: ['payment_card'] }),
      { id: 'mails', detect: ['email'], mask: { keep_last: 4 } } as EngineConfig['rules'][number],
      { id: 'secrets', key: ['password'], mask: {} },
    ]
    const { text } = scan({ msg: `${CARD} of ${ADDRESS}`, password: 'hunter2', card: CARD }, rules)
    expect(scan(JSON.parse(text)).found).toEqual([])
  })
})

describe('a scan that seals', () => {
  test('seals for "default" what no rule has, and counts it', () => {
    const rules = [{ id: 'cards', detect: ['payment_card'], mask: {} } as EngineConfig['rules'][number]]
    const { found, text, leaks } = scan({ msg: `${CARD} of ${ADDRESS}`, to: ADDRESS }, rules, { inline: 'seal' })
    expect(text).not.toContain(ADDRESS)
    expect(text).toContain('****')
    expect(found.sort()).toEqual(['1 email attributes.to', '1 email body'])
    expect(leaks?.sealed).toEqual(new Map([['email', 2]]))
  })
})

describe('fields that no rule alters', () => {
  const PHONE = '+4915123456789'
  const request = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] },
        schemaUrl: `https://example.org/${ADDRESS}`,
        scopeLogs: [
          {
            scope: { name: CARD, version: ADDRESS },
            schemaUrl: PHONE,
            logRecords: [
              {
                timeUnixNano: '1717171717000000000',
                severityNumber: 9,
                severityText: ADDRESS,
                eventName: CARD,
                body: { stringValue: 'x' },
                traceId: '5b8efff798038103d269b633813fc60c',
              },
              { body: { stringValue: 'y' }, flags: 1 },
            ],
          },
        ],
      },
    ],
  }
  const expected = [
    '1 email resource.schema_url orders',
    '1 email scope.version orders',
    '1 email severity orders',
    '1 payment_card event_name orders',
    '1 payment_card scope.name orders',
    '1 phone_e164 scope.schema_url orders',
  ]
  const found = (bytes: Uint8Array, format: 'otlp-json' | 'otlp-protobuf' | 'forward') => {
    const sealed = engineOf([]).seal(bytes, format)
    expect(sealed.bytes).toBe(bytes)
    const findings = (sealed.leaks?.findings ?? []).map(
      (leak) => `${leak.count} ${leak.detector} ${leak.path} ${leak.service}`,
    )
    return { findings: findings.sort(), records: sealed.leaks?.records }
  }

  test('are looked at in OTLP, and counted with their service', () => {
    const json = Buffer.from(JSON.stringify(request))
    const protobuf = convertTo('otlp-protobuf', { bytes: json, format: 'otlp-json' }, { bodyKeys: [] }).bytes
    for (const [bytes, format] of [
      [json, 'otlp-json'],
      [protobuf, 'otlp-protobuf'],
    ] as const) {
      const { findings, records } = found(bytes, format)
      expect(findings).toEqual(expected)
      // What is said once of several records counts for the first.
      expect(records).toEqual(new Map([['orders', 1]]))
    }
  })

  test('count once for each message of Forward, whatever the number of its records: the tag', () => {
    const message = encode([`app.${ADDRESS}`, [1, 2, 3].map((time) => [time, { message: `${time}` }])])
    expect(found(Buffer.from(message), 'forward').findings).toEqual(['1 email tag unknown'])
    expect(found(Buffer.from(encode([`app.${ADDRESS}`, 1, { message: ADDRESS }])), 'forward').findings).toEqual([
      '1 email body unknown',
      '1 email tag unknown',
    ])
  })

  test('are looked at where nobody knows them, in any depth', () => {
    const unknown = { ...request.resourceLogs[0]!.scopeLogs[0]!.logRecords[1], whoAmI: { deep: [{ [CARD]: ADDRESS }] } }
    const json = { resourceLogs: [{ scopeLogs: [{ logRecords: [unknown] }] }], more: PHONE }
    expect(found(Buffer.from(JSON.stringify(json)), 'otlp-json').findings).toEqual([
      '1 email unknown unknown',
      '1 payment_card unknown unknown',
      '1 phone_e164 unknown unknown',
    ])
    // Field 200, of the record and of the request: a text, and a message that holds one.
    const field = (content: Uint8Array) => Buffer.concat([Buffer.from([0xc2, 0x0c, content.length]), content])
    const record = Buffer.concat([Buffer.from([0x2a, 0x03, 0x0a, 0x01, 0x78]), field(Buffer.from(ADDRESS))])
    const wrap = (content: Uint8Array, tag: number) => Buffer.concat([Buffer.from([tag, content.length]), content])
    const logs = wrap(wrap(wrap(record, 0x12), 0x12), 0x0a)
    const bytes = Buffer.concat([logs, field(field(Buffer.from(CARD)))])
    expect(found(bytes, 'otlp-protobuf').findings).toEqual([
      '1 email unknown unknown',
      '1 payment_card unknown unknown',
    ])
  })
})

describe('a scan that refuses', () => {
  const record = (text: string) => ({ body: { stringValue: text } })
  const scopes = (...texts: string[]) => [{ scope: { name: 's' }, logRecords: texts.map(record) }]
  const request = {
    resourceLogs: [
      { resource: {}, scopeLogs: scopes('first', ADDRESS, `second ${CARD}`) },
      { schemaUrl: ADDRESS, scopeLogs: scopes('gone', 'as well') },
      { scopeLogs: [...scopes('third'), { scope: { name: CARD }, logRecords: [record('gone'), record('too')] }] },
    ],
  }
  const refuse = (bytes: Uint8Array, format: FormatName, rules: EngineConfig['rules'] = []) =>
    engineOf(rules, { inline: 'refuse' }).seal(bytes, format)
  const lines = { bodyKeys: ['msg'] }

  test.each(['otlp-json', 'otlp-protobuf'] as const)(
    'takes out of %s what may not leave, and nothing else',
    (format) => {
      const json = Buffer.from(JSON.stringify(request))
      const bytes = format === 'otlp-json' ? json : convertTo(format, { bytes: json, format: 'otlp-json' }, lines).bytes
      const { bytes: left, records, recordsRefused } = refuse(bytes, format)
      expect([records, recordsRefused]).toEqual([2, 6])
      const shown = convertTo('json-lines', { bytes: left, format }, lines).bytes.toString()
      expect(shown.match(/first|second|third|gone|too|as well/g)).toEqual(['first', 'third'])
      expect(shown).not.toContain(ADDRESS)
    },
  )

  test('takes lines with their ends, be they records or plain texts', () => {
    const input = ['{"msg":"a"}', `{"msg":"${ADDRESS}"}`, `plain ${CARD}`, '{"msg":"b"}', ''].join('\n')
    const { bytes, records, recordsRefused } = refuse(Buffer.from(input), 'json-lines')
    expect(bytes.toString().split('\n').filter(Boolean)).toEqual(['{"msg":"a"}', '{"msg":"b"}'])
    expect([records, recordsRefused]).toEqual([2, 2])
  })

  test.each([
    ['an array', (entries: unknown[]) => entries],
    ['a stream', (entries: unknown[]) => Buffer.concat(entries.map((entry) => encode(entry)))],
  ])('takes entries out of %s of Forward', (_, hold) => {
    const entries = ['a', ADDRESS, 'b', `x ${CARD}`].map((message, time) => [time, { message }])
    const { bytes, records, recordsRefused } = refuse(Buffer.from(encode(['tag', hold(entries)])), 'forward')
    expect([records, recordsRefused]).toEqual([2, 2])
    const [tag, left] = decode(bytes) as [string, unknown[] | Uint8Array]
    expect(tag).toBe('tag')
    const kept = left instanceof Uint8Array ? [...decodeMulti(left)] : left
    expect(kept).toEqual([entries[0], entries[2]])
  })

  test('leaves nothing of a message whose tag may not leave, or that is one record', () => {
    for (const message of [
      [ADDRESS, [[1, { message: 'x' }]]],
      ['tag', 1, { message: ADDRESS }],
    ]) {
      const { bytes, records, recordsRefused } = refuse(Buffer.from(encode(message)), 'forward')
      expect([bytes.length, records, recordsRefused]).toEqual([0, 0, 1])
    }
  })

  test('seals what rules seal in what stays, and nothing in what goes', () => {
    const input = [`{"msg":"${CARD}"}`, `{"msg":"${CARD} ${ADDRESS}"}`, 'end'].join('\n')
    const sealed = refuse(Buffer.from(input), 'json-lines', [seal('cards', { detect: ['payment_card'] })])
    const [first, ...others] = sealed.bytes.toString().split('\n').filter(Boolean)
    expect(first).toContain('protected')
    expect(others).toEqual(['end'])
  })

  test.each(['otlp-json', 'otlp-protobuf', 'json-lines'] as const)(
    'lets nothing of JSON in a body through: %s',
    (format) => {
      const body = (text: string) => JSON.stringify({ card: CARD, note: text })
      const input = [body('first'), body(ADDRESS), body('second')].map((msg) => JSON.stringify({ msg })).join('\n')
      const bytes = convertTo(format, { bytes: Buffer.from(input), format: 'json-lines' }, lines).bytes
      const engine = engineOf([seal('cards', { detect: ['payment_card'] })], { inline: 'refuse' })
      const sealed = engine.seal(bytes, format, { parse: 'json' })
      expect([sealed.records, sealed.recordsRefused]).toEqual([2, 1])
      const shown = convertTo('json-lines', { bytes: sealed.bytes, format }, lines).bytes.toString()
      expect(shown.match(/first|second/g)).toEqual(['first', 'second'])
      for (const value of [ADDRESS, CARD]) expect(shown).not.toContain(value)
    },
  )

  test('refuses a record of a program with an error that has a code', () => {
    const engine = engineOf([], { inline: 'refuse' })
    for (const act of [() => engine.sealObject({ msg: ADDRESS }), () => engine.sealLine(`{"msg":"${ADDRESS}"}`)])
      expect(act).toThrow(expect.objectContaining({ code: 'FIELDSEAL_LEAK_REFUSED' }))
    expect(engine.sealLine('{"msg":"x"}').edited).toBe(false)
  })

  test('is what a scan that seals does in fields that are never altered', () => {
    const { bytes, recordsRefused, leaks } = engineOf([], { inline: 'seal' }).seal(
      Buffer.from(
        JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: ADDRESS }, record(CARD)] }] }] }),
      ),
      'otlp-json',
    )
    expect(recordsRefused).toBe(1)
    expect(bytes.toString()).not.toContain(ADDRESS)
    expect(bytes.toString()).toContain('protected')
    expect(leaks?.sealed).toEqual(new Map([['payment_card', 1]]))
  })
})

describe('what metrics are told', () => {
  const request = (service: string, attributes: object[]) => ({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeLogs: [{ logRecords: [{ attributes }] }],
      },
    ],
  })
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const leaksIn = (json: object, rules: EngineConfig['rules'], leakScan?: EngineConfig['leakScan']) =>
    engineOf(rules, leakScan).seal(Buffer.from(JSON.stringify(json)), 'otlp-json').leaks

  test('has no service whose name a rule takes whole, in whatever way', () => {
    const json = request('hidden-service', [attribute('to', ADDRESS)])
    for (const rule of [
      seal('by-path', { path: 'resource.service.name' }),
      seal('by-key', { key: '^name$' }),
      seal('around', { path: 'resource.**' }),
    ]) {
      const leaks = leaksIn(json, [rule])
      expect(leaks?.findings).toEqual([{ detector: 'email', path: 'attributes.to', service: '*', count: 1 }])
      expect(leaks?.records).toEqual(new Map([['*', 1]]))
    }
    expect(leaksIn(json, [])?.records).toEqual(new Map([['hidden-service', 1]]))
  })

  test('has nothing that any detector would find in a key or a name, though the scan looks for other things', () => {
    const json = request(`of ${CARD}`, [attribute(CARD, ADDRESS), attribute('to', ADDRESS)])
    const leaks = leaksIn(json, [], { inline: 'report', detectors: ['email'] })
    expect(JSON.stringify([leaks?.findings, [...(leaks?.records ?? [])]])).not.toContain('4111')
    expect(leaks?.findings.map(({ path, service }) => [path, service])).toEqual([
      ['*', '*'],
      ['attributes.to', '*'],
    ])
  })
})

test('a scan with names that do not exist is refused: it would look for nothing', () => {
  const wrong = { inline: 'report', detectors: ['email', 'emial'], ignore: ['body', 'nowhere.*'] } as const
  expect(() => engineOf([], wrong)).toThrow(
    expect.objectContaining({
      code: 'FIELDSEAL_CONFIG_INVALID',
      message: expect.stringMatching(/^leakScan\.detectors\.1: .*emial\nleakScan\.ignore\.1: /),
    }),
  )
})
