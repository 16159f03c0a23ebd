import { describe, expect, test } from 'vitest'
import { type FormatName, open } from '../../processor/index.ts'
import { type ContentType, headerTemplate } from '../../processor/jwe/envelope.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { recipientFromJwk } from '../../processor/jwe/recipients.ts'
import { Sealer } from '../../processor/jwe/sealer.ts'
import { decode, leaves } from './decode.ts'
import { jsonLineTrees, otlpJsonTree, writeJson } from './json-tree.ts'
import type { LogRequest, Value } from './log-request.ts'
import { forwardTree, writePack } from './message-pack-tree.ts'
import { coded } from './oracles.ts'
import { protobufTree, writeProtobuf } from './protobuf-tree.ts'
import { Steady } from './random.ts'

/** Public keys are public: anybody can seal anything for us. */
const READER = generateKeyPair('X25519', 'reader')
const sealer = new Sealer({ strict: false, maxAgeMs: 60_000, maxWraps: 1000, maxValueBytes: 1 << 20 })
const to = sealer.recipientSet([recipientFromJwk(READER.publicJwk)])

function seal(cty: string, plaintext: string | Uint8Array, path = 'attributes.x'): string {
  const header = headerTemplate({ cty: cty as ContentType, path })
  return sealer.seal([{ to, header, plaintext: Buffer.from(plaintext), serialization: 'general' }])[0]!.jwe
}

const GOOD = 'what a neighbour has sealed'
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

const PLAINTEXTS: readonly (readonly [cty: string, plaintext: string | Uint8Array])[] = [
  ['text', 'a\nb'],
  ['text', '{"broken'],
  ['text', ' {"broken'],
  ['text', '{"protected":"broken'],
  ['text', '{}'],
  ['text', '\ufeff{"x"'],
  ['text', '\r{"x"'],
  ['text', '"quoted" \\ \u0000\u001f'],
  ['text', ''],
  ['number', '01'],
  ['number', '-007.50'],
  ['number', '1e999999'],
  ['number', 'NaN'],
  ['number', '-Infinity'],
  ['number', '1\n'],
  ['number', '1,"x":2'],
  ['number', ''],
  ['number', '9'.repeat(100_000)],
  ['boolean', 'TRUE'],
  ['boolean', 'true}'],
  ['bytes', Buffer.of(0xff, 0, 0x22)],
  ['json', '{"a":1}'],
  ['json', '{"a":1}}'],
  ['json', '{"a":\n1}'],
  ['json', '[1,2'],
  ['json', ''],
  ['json', '"\\ud83d"'],
  ['json', deep(60)],
  ['json', deep(64)],
  ['json', deep(65)],
  ['json', deep(300)],
  ['json', deep(1000)],
  ['json', deep(100_000)],
  ['json', `{"__proto__":${'{"a":'.repeat(50)}1${'}'.repeat(50)}}`],
  ['otlp+json', '{"$bytes":5}'],
  ['otlp+json', '{"$bytes":"!!"}'],
  ['otlp+json', '{"$double":"x"}'],
  ['otlp+json', '{"$double":{}}'],
  ['otlp+json', '{"$map":5}'],
  ['otlp+json', '{"$text":null}'],
  ['otlp+json', '{"$extension":""}'],
  ['otlp+json', '{"$extension":"BQ=="}'],
  ['otlp+json', '{"$extension":{"$extension":{}}}'],
  ['otlp+json', '{"$pairs":5}'],
  ['otlp+json', '{"$pairs":[]}'],
  ['otlp+json', '{"$pairs":[[1],[2,3]]}'],
  ['otlp+json', '{"$pairs":[[1,2],[1,{"$pairs":[[null,[]]]}]]}'],
  ['otlp+json', `{"$pairs":[[${deep(62)},1]]}`],
  ['otlp+json', `${'{"$pairs":[[1,'.repeat(60)}1${']]}'.repeat(60)}`],
  ['otlp+json', `${'{"$pairs":[[1,'.repeat(70)}1${']]}'.repeat(70)}`],
  ['otlp+json', `${'{"$pairs":['.repeat(70)}${']}'.repeat(70)}`],
  ['otlp+json', `${'{"$bytes":'.repeat(70)}1${'}'.repeat(70)}`],
  ['otlp+json', `${'{"$extension":'.repeat(70)}1${'}'.repeat(70)}`],
  ['otlp+json', '{"$map":{"$map":{"$map":{}}}}'],
  ['otlp+json', deep(1000)],
  ['entry+json', '{"k":1}'],
  ['entry+json', '{"k":1,"l":2}'],
  ['entry+json', '{}'],
  ['entry+json', '[1]'],
  ['entry+json', `{"k":${deep(500)}}`],
  ['entry+json', '{"k":1},"l":{"m":2}'],
  ['otlp-entry+json', '{"k":{"$bytes":1}}'],
  ['otlp-entry+json', '{"$map":{"a":1}}'],
  ['otlp-entry+json', '{"$pairs":[[1,2]]}'],
  ['otlp-entry+json', '{"$pairs":[[1,2],[3,4]]}'],
  ['otlp-entry+json', '{"$pairs":[]}'],
  ['otlp-entry+json', '{"$pairs":1}'],
  ['otlp-entry+json', `{"$pairs":[[${deep(70)},1]]}`],
  ['fieldseal-parts+json', '{"0":{"path":"x","text":"y"}}'],
  ['fieldseal-parts+json', '{"0":5}'],
  ['fieldseal-parts+json', '[]'],
  ['fieldseal-parts+json', 'x'],
  ['fieldseal-parts+json', deep(100_000)],
  ['fieldseal-parts+json', '{"__proto__":{"path":"x","text":"y"}}'],
  ['something-else', 'x'],
]

/** Where a value can stand: a body, an attribute, inside of arrays and maps, as a key's value, in the list of parts. */
const PLACES: Readonly<Record<string, (jwe: string) => LogRequest>> = {
  body: (jwe) => request(text(jwe), []),
  attribute: (jwe) => request(text('x'), [{ key: 'x', value: text(jwe) }]),
  'a key that says sealed': (jwe) => request(text('x'), [{ key: 'x.sealed', value: text(jwe) }]),
  array: (jwe) => request({ type: 'array', items: [text(jwe), text(jwe)] }, []),
  'deep in maps': (jwe) => request(nested(20, text(jwe)), [{ key: 'x', value: nested(20, text(jwe)) }]),
  'the list of parts': (jwe) =>
    request(text('[sealed:x:AAAAAAAA/0]'), [
      { key: 'fieldseal.sealed', value: { type: 'array', items: [text(jwe), text(jwe)] } },
    ]),
}

function text(value: string): Value {
  return { type: 'string', text: value }
}

function nested(levels: number, inside: Value): Value {
  return levels === 0 ? inside : { type: 'map', entries: [{ key: 'm', value: nested(levels - 1, inside) }] }
}

function request(body: Value, attributes: LogRequest['resources'][0]['attributes']): LogRequest {
  const neighbour = { body: text(seal('text', GOOD, 'body')), attributes: [], severity: 9 }
  const records = [{ body, attributes, severity: 9 }, neighbour]
  return { resources: [{ attributes: [], scopes: [{ name: '', attributes: [], records }] }] }
}

const WRITERS: Readonly<Record<Exclude<FormatName, 'text'>, (request: LogRequest) => Buffer>> = {
  'json-lines': (request) =>
    Buffer.from(
      jsonLineTrees(request)
        .map((tree) => writeJson(tree, plain))
        .join('\n'),
    ),
  'otlp-json': (request) => Buffer.from(writeJson(otlpJsonTree(request), plain)),
  'otlp-protobuf': (request) => writeProtobuf(protobufTree(request)),
  forward: (request) => writePack(forwardTree(request, packed)),
}

const plain = new Steady(0)
const packed = new Steady(0)

function expectSoundBatch(format: FormatName, batch: Buffer): void {
  expect(decode(format, batch)).toBeDefined()
  const opened = coded(() => open(batch, format, { keys: [READER.privateJwk] }))
  // One bad value is no reason to leave the others sealed.
  expect(opened).toBeDefined()
  const decoded = decode(format, opened!.bytes)
  expect(decoded).toBeDefined()
  expect(leaves(format, decoded).some((leaf) => leaf.text === GOOD)).toBe(true)
}

const NAMED = PLAINTEXTS.map(([cty, plaintext]) => ({
  cty,
  plaintext,
  shown: JSON.stringify(plaintext.toString()).slice(0, 40),
  length: plaintext.length,
}))

describe.each(NAMED)('what somebody has sealed as $cty, $shown ($length characters)', ({ cty, plaintext }) => {
  test.each(Object.keys(PLACES))('in %s breaks no batch', (place) => {
    const batch = PLACES[place]!(seal(cty, plaintext))
    for (const format of Object.keys(WRITERS) as (keyof typeof WRITERS)[])
      expectSoundBatch(format, WRITERS[format](batch))
  })

  test('as a line breaks no lines', () => {
    for (const format of ['json-lines', 'text'] as const) {
      const lines = [
        seal(cty, plaintext, 'body'),
        format === 'text' ? seal('text', GOOD, 'body') : `{"msg":${JSON.stringify(seal('text', GOOD, 'body'))}}`,
      ]
      const batch = Buffer.from(lines.join('\n'))
      expectSoundBatch(format, batch)
      const opened = open(batch, format, { keys: [READER.privateJwk] })
      expect(opened.bytes.toString().split('\n')).toHaveLength(2)
    }
  })
})
