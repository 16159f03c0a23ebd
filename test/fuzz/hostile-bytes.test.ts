import { describe, expect, test } from 'vitest'
import { FORMAT_NAMES, type FormatName, open } from '../../processor/index.ts'
import { ENGINES, PRIVATE_KEYS } from './engines.ts'
import { jsonLineTrees, otlpJsonTree, writeJson } from './json-tree.ts'
import { logRequest } from './log-request.ts'
import {
  arr,
  bin,
  bool,
  ext,
  float,
  forwardTree,
  int,
  map,
  nil,
  type Pack,
  str,
  writePack,
} from './message-pack-tree.ts'
import { coded } from './oracles.ts'
import { protobufTree, writeProtobuf } from './protobuf-tree.ts'
import { Random, Steady } from './random.ts'
import { CANARY } from './texts.ts'

/** A JWE for each record, whole values and containers, and every action. */
const SOME_ENGINES = [ENGINES[1]!, ENGINES[4]!, ENGINES[6]!]

/** Sealing and opening: a result or a coded error that shows nothing of the input; `coded` throws for all else. */
function survive(format: FormatName, input: Buffer): void {
  for (const { engine } of SOME_ENGINES) {
    const sealed = coded(() => engine.seal(input, format))
    if (sealed !== undefined) coded(() => open(sealed.bytes, format, { keys: PRIVATE_KEYS }))
  }
  coded(() => open(input, format, { keys: PRIVATE_KEYS }))
}

const plain = new Steady(0)
const request = logRequest(new Random(13))
const VALID: Readonly<Record<FormatName, Buffer>> = {
  'json-lines': Buffer.from(
    jsonLineTrees(request)
      .map((tree) => writeJson(tree, plain))
      .join('\n'),
  ),
  'otlp-json': Buffer.from(writeJson(otlpJsonTree(request), plain)),
  'otlp-protobuf': writeProtobuf(protobufTree(request)),
  forward: writePack(forwardTree(request, new Random(1))),
  text: Buffer.from(`${CANARY} jane@example.org\nnaïve 😀\r\n\r\n`),
}

test.each(FORMAT_NAMES)('%s that is cut off at any byte', (format) => {
  const input = VALID[format]
  expect(input.includes(CANARY)).toBe(true)
  const { engine } = ENGINES[4]!
  const whole = engine.seal(input, format).records
  for (let length = 0; length < input.length; length += 1) {
    const sealed = coded(() => engine.seal(input.subarray(0, length), format))
    if (sealed !== undefined) expect(sealed.records).toBeLessThanOrEqual(whole)
    coded(() => open(input.subarray(0, length), format, { keys: PRIVATE_KEYS }))
  }
})

/** A field of protobuf, whatever its type. */
function field(tag: number, ...content: readonly Uint8Array[]): Buffer {
  return writeProtobuf([{ number: tag >> 3, wire: tag & 7, content: Buffer.concat(content) }])
}

const record = (...fields: readonly Uint8Array[]) => field(0x0a, field(0x12, field(0x12, ...fields)))
const attribute = (...fields: readonly Uint8Array[]) => record(field(0x32, ...fields))
const KEY = field(0x0a, Buffer.from(`${CANARY}@example.org`))
const canary = Buffer.from(`${CANARY} jane@example.org`)

function nestedProtobuf(levels: number, tag: number): Buffer {
  let inner = field(0x0a, canary)
  for (let level = 0; level < levels; level += 1)
    inner = field(tag, field(0x0a, tag === 0x32 ? field(0x12, inner) : inner))
  return attribute(KEY, field(0x12, inner))
}

const PROTOBUF: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'arrays in one another': nestedProtobuf(200, 0x2a),
  'maps in one another': nestedProtobuf(200, 0x32),
  'arrays as deep as there is a record': nestedProtobuf(5000, 0x2a),
  'a length of two gigabytes': Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]),
  'a length of 64 bits': Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  'a tag of too many bytes': Buffer.alloc(20, 0x8a),
  'field number 0': record(Buffer.from([0x02, 0x00])),
  'the highest field number': record(Buffer.from([0xfa, 0xff, 0xff, 0xff, 0x0f, 0x00])),
  'wire type 6': record(Buffer.from([0x2e, 0x00])),
  'wire type 7': record(Buffer.from([0x37, 0x00])),
  'groups in one another': record(Buffer.alloc(100_000, 0x7b)),
  'a group around a body': record(Buffer.from([0x7b]), field(0x2a, field(0x0a, canary)), Buffer.from([0x7c])),
  'known fields of other wire types': record(
    ...[0, 1, 5].flatMap((wire) =>
      [2, 3, 5, 6, 12].map((number) =>
        Buffer.from([number * 8 + wire, 1, 2, 3, 4, 5, 6, 7, 8].slice(0, wire === 0 ? 2 : wire === 1 ? 9 : 5)),
      ),
    ),
  ),
  'strings that are no UTF-8': attribute(
    field(0x0a, Buffer.of(0xff, 0xfe)),
    field(0x12, field(0x0a, Buffer.of(0xc3, 0x28), canary, Buffer.of(0xf0, 0x9f))),
  ),
  'zero bytes': attribute(field(0x0a, Buffer.alloc(10)), field(0x12, field(0x0a, Buffer.alloc(100), canary))),
  'a key and no value': attribute(KEY),
  'a value and no key': attribute(field(0x12, field(0x0a, canary))),
  'a value before its key': attribute(field(0x12, field(0x0a, canary)), KEY),
  'two keys': attribute(KEY, KEY, field(0x12, field(0x0a, canary))),
  'two values': attribute(KEY, field(0x12, field(0x0a, canary)), field(0x12, field(0x0a, canary))),
  'two types in one value': attribute(
    KEY,
    field(0x12, field(0x0a, canary), Buffer.from([0x18, 5]), field(0x3a, canary)),
  ),
  'the same key many times': record(
    ...Array.from({ length: 1000 }, () => field(0x32, KEY, field(0x12, field(0x0a, canary)))),
  ),
  'integers of every length': record(
    ...Array.from({ length: 10 }, (_, length) =>
      field(0x2a, Buffer.from([0x18, ...Array.from({ length }, () => 0xff), 0x01])),
    ),
  ),
  'an integer of eleven bytes': record(
    field(0x2a, Buffer.from([0x18, ...Array.from({ length: 10 }, () => 0xff), 0x01])),
  ),
  'a double that is cut off': record(field(0x2a, Buffer.from([0x21, 1, 2, 3]))),
  'a resource after its records': field(
    0x0a,
    field(0x12, field(0x12, field(0x2a, field(0x0a, canary)))),
    field(0x0a, field(0x0a, KEY, field(0x12, field(0x0a, canary)))),
  ),
}

describe('protobuf of', () => {
  test.each(Object.keys(PROTOBUF))('%s', (name) => {
    survive('otlp-protobuf', PROTOBUF[name]!)
  })
})

const MAIL = str(`${CANARY} jane@example.org`)
const inRecord = (...fields: Pack[]) =>
  writePack(arr(str('t'), int(1), map(fields.map((field) => [str('user'), field]))))
const inStream = (hex: string, ...entries: Pack[]) =>
  writePack(arr(str('t'), bin(Buffer.concat([Buffer.from(hex, 'hex'), ...entries.map(writePack)]))))

function nestedPack(levels: number, around: (inner: Pack) => Pack): Buffer {
  let inner = MAIL
  for (let level = 0; level < levels; level += 1) inner = around(inner)
  return inRecord(inner)
}

const FORWARD: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'arrays in one another': nestedPack(200, (inner) => arr(inner)),
  'maps in one another': nestedPack(200, (inner) => map({ a: inner })),
  'keys in one another': nestedPack(200, (inner) => map([[inner, nil]])),
  'keys in one another, as deep as may be': nestedPack(63, (inner) => map([[inner, nil]])),
  'arrays as deep as there is a record': inRecord({ kind: 'raw', bytes: Buffer.alloc(100_000, 0x91) }),
  'a map of four thousand million pairs': inRecord({ kind: 'raw', bytes: Buffer.from('dfffffffff', 'hex') }),
  'a text of four gigabytes': inRecord({ kind: 'raw', bytes: Buffer.from('dbffffffff', 'hex') }),
  'a stream that ends in an entry': inStream('92', MAIL),
  'an entry that is a text': inStream('', MAIL),
  'groups without maps': inStream('92d700ffffffff00000000c0', arr(int(1), map({ user: MAIL }))),
  'groups in groups': inStream('92d700ffffffff0000000080'.repeat(3), arr(int(1), map({ user: MAIL }))),
  'an end without a beginning': inStream('92d700fffffffe0000000080', arr(int(1), map({ user: MAIL }))),
  'texts that are no UTF-8': inRecord({
    kind: 'text',
    bytes: Buffer.from([0xc3, 0x28, ...Buffer.from(`${CANARY}@example.org`)]),
  }),
  'keys of every type': inRecord(
    map(
      [
        nil,
        bool(true),
        int(-1),
        float(Number.NaN),
        MAIL,
        bin(Buffer.from('x')),
        ext(1, Buffer.from('y')),
        arr(MAIL),
        map({ a: MAIL }),
      ].map((key) => [key, MAIL]),
    ),
  ),
  'numbers of every form': inRecord(
    ...Array.from(
      { length: 8 },
      (_, form): Pack => ({
        kind: 'raw',
        bytes: Buffer.from([0xcc + form, ...Array.from({ length: 2 ** (form % 4) }, () => 0xff)]),
      }),
    ),
  ),
  'a list of sealed parts that is none': writePack(
    arr(str('t'), int(1), map({ log: str('[sealed:email:AAAAAAAA/0]'), 'fieldseal.sealed': map([[arr(), MAIL]]) })),
  ),
  'a body many times': writePack(
    arr(str('t'), int(1), map(Array.from({ length: 1000 }, (): [Pack, Pack] => [str('log'), MAIL]))),
  ),
  'an option that is a record': writePack(
    arr(str('t'), arr(), map({ metadata: map({ user: MAIL }), [CANARY]: MAIL, compressed: nil })),
  ),
}

describe('a message of Forward with', () => {
  test.each(Object.keys(FORWARD))('%s', (name) => {
    survive('forward', FORWARD[name]!)
  })

  test('a value that begins with any byte', () => {
    for (let first = 0; first < 256; first += 1) {
      survive('forward', inRecord({ kind: 'raw', bytes: Buffer.from([first]) }))
      survive('forward', inRecord({ kind: 'raw', bytes: Buffer.from([first, 1, 0xa1, 0x40, 2, 3]) }, MAIL))
    }
  })
})

const JSON_VALUES: readonly string[] = [
  '1e999999',
  '-1e999999',
  '-0',
  '01',
  '1.',
  '9'.repeat(100_000),
  `0.${'1'.repeat(100_000)}`,
  'NaN',
  'Infinity',
  '-',
  '+1',
  `"${CANARY}`,
  `"${CANARY}\u0000"`,
  `"${CANARY}\u001f"`,
  `"${CANARY}\n"`,
  '"\\ud83d"',
  `"\\udc00 ${CANARY} jane@example.org \\ud800"`,
  '"\\u0000"',
  '"\\x"',
  '"\\u12"',
  '[',
  '{',
  '[}',
  `{"${CANARY}"}`,
  `{"${CANARY}":}`,
  '[1,]',
  '{,}',
  'nul',
  'truefalse',
  "'a'",
  '//',
  '\u00a0',
  '\ufeff1',
  `{"__proto__":{"${CANARY}":"jane@example.org"}}`,
  '{"constructor":{"prototype":{"x":"jane@example.org"}}}',
  '{"toString":"jane@example.org","valueOf":1,"hasOwnProperty":2}',
  `{${Array.from({ length: 1000 }, () => `"${CANARY}":"jane@example.org"`).join()}}`,
  `${'['.repeat(100_000)}`,
  `${'{"a":'.repeat(100_000)}`,
  `${'['.repeat(63)}"${CANARY} jane@example.org"${']'.repeat(63)}`,
  `${'{"a":'.repeat(62)}"jane@example.org"${'}'.repeat(62)}`,
  `{"${'.'.repeat(100_000)}":"jane@example.org"}`,
  `{"${'jane@example.org '.repeat(5000)}":1}`,
  `{"${CANARY.repeat(10_000)}":"jane@example.org"}`,
  `"${'jane@example.org '.repeat(60_000)}"`,
  `"${'@'.repeat(100_000)}"`,
  `"${'4'.repeat(100_000)}"`,
  `"${'4 '.repeat(50_000)}"`,
  `"${'1.'.repeat(50_000)}"`,
  `"${'eyJ'.repeat(30_000)}"`,
  `"${'a@'.repeat(50_000)}"`,
  `"${':'.repeat(100_000)}"`,
  '"{\\"protected\\":\\"eyJ\\"}"',
  '"[sealed:email:AAAAAAAA/0]"',
  '"eyJ.a.b.c.d"',
]

const named = (value: string): [string, string] => [`${JSON.stringify(value.slice(0, 40))} (${value.length})`, value]

describe('a JSON line that is, or holds,', () => {
  test.each(JSON_VALUES.map(named))('%s', (_shown, value) => {
    for (const line of [
      value,
      `{"${CANARY}":${value}}`,
      `{"msg":${value},"password":${value}}`,
      `{"a":[${value}]}`,
      `{"fieldseal.sealed":${value}}`,
    ]) {
      survive('json-lines', Buffer.from(`${line}\n{"msg":"${CANARY}"}`))
    }
    survive('text', Buffer.from(value))
  })
})

describe('OTLP JSON whose parts are', () => {
  const parts = (value: string): string[] => [
    value,
    `{"resourceLogs":${value}}`,
    `{"resourceLogs":[${value}]}`,
    `{"resourceLogs":[{"resource":${value},"scopeLogs":${value}}]}`,
    `{"resourceLogs":[{"scopeLogs":[{"scope":${value},"logRecords":${value}}]}]}`,
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}},{"attributes":${value}},{"attributes":[${value}]}]}]}]}`,
    ...[
      'stringValue',
      'intValue',
      'doubleValue',
      'boolValue',
      'bytesValue',
      'arrayValue',
      'kvlistValue',
      'otherValue',
    ].map(
      (name) =>
        `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"user","value":{"${name}":${value}}},{"key":${value}},{"value":{"arrayValue":{"values":${value}}}}]}]}]}]}`,
    ),
  ]

  test.each(JSON_VALUES.map(named))('%s', (_shown, value) => {
    for (const text of parts(value)) survive('otlp-json', Buffer.from(text))
  })
})

test('an engine that has refused a batch says nothing of it in the next', () => {
  for (const { engine } of ENGINES) {
    const clean = Buffer.from('{"a":"nothing"}')
    for (const broken of [
      '{"a":"jane@example.org","b":',
      '{"a":"jane@example.org"} x',
      `{"a":"jane@example.org","b":${'['.repeat(100)}`,
    ]) {
      expect(coded(() => engine.seal(Buffer.from(broken), 'json-lines'))).toBeUndefined()
      expect(engine.seal(clean, 'json-lines').bytes).toBe(clean)
    }
  }
})
