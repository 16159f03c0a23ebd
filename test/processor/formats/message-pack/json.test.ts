import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryDepth, jsonDepth } from '../../../../processor/engine/json-depth.ts'
import { MARKS, marksOf, NO_MARKS } from '../../../../processor/formats/extended-json.ts'
import {
  entryToJson,
  jsonToEntry,
  jsonToMessagePack,
  messagePackToJson,
} from '../../../../processor/formats/message-pack/json.ts'
import { jsonToAnyValue } from '../../../../processor/formats/otlp-value-json.ts'
import { meaningOf } from '../../../fuzz/forward-message.ts'
import {
  arr,
  bin,
  bool,
  ext,
  float,
  int,
  map,
  nil,
  type Pack,
  readPack,
  readStream,
  str,
  writePack,
} from '../../../fuzz/message-pack-tree.ts'

const scalar: fc.Arbitrary<Pack> = fc.oneof(
  fc.constant(nil),
  fc.boolean().map(bool),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(int),
  fc.oneof(fc.double(), fc.constantFrom(5, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21)).map(float),
  fc
    .oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom(...MARKS))
    .map((text) => str(text.toWellFormed())),
  fc.uint8Array({ maxLength: 20 }).map(bin),
  fc.uint8Array({ maxLength: 5 }).map((bytes): Pack => ({ kind: 'text', bytes })),
  fc
    .tuple(fc.integer({ min: -128, max: 127 }), fc.uint8Array({ maxLength: 20 }))
    .map(([type, bytes]) => ext(type, bytes)),
)
const textKey = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...MARKS, '__proto__', '')).map(str)

const { value } = fc.letrec<{ value: Pack }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pack' },
    { weight: 4, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'pack' }).map((items) => arr(...items)),
    fc.array(fc.tuple(textKey, tie('value')), { maxLength: 4, depthIdentifier: 'pack' }).map((pairs) => map(pairs)),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3, depthIdentifier: 'pack' })
      .map((pairs) => map(pairs)),
  ),
}))

/** Maps and arrays in one another, keys counted. */
function depthOf(pack: Pack): number {
  const inside = pack.kind === 'array' ? pack.items : pack.kind === 'map' ? pack.pairs.flat() : undefined
  return inside === undefined ? 0 : 1 + Math.max(0, ...inside.map(depthOf))
}

const KNOWN = marksOf('forward')

describe('a value of MessagePack', () => {
  test('comes back from JSON text as it was, with its type', () => {
    fc.assert(
      fc.property(value, (pack) => {
        const json = messagePackToJson(writePack(pack))
        expect(() => JSON.parse(json)).not.toThrow()
        expect(json).not.toMatch(/[\n\r]/)
        const back = readPack(jsonToMessagePack(Buffer.from(json), true))
        expect(meaningOf(back)).toEqual(meaningOf(pack))
        expect(jsonDepth(Buffer.from(json), 0, KNOWN)).toBe(depthOf(pack))
      }),
      { numRuns: 2000 },
    )
  })

  test('comes back with its key, whatever that is', () => {
    fc.assert(
      fc.property(fc.oneof(textKey, value), value, (key, pack) => {
        const json = entryToJson(Buffer.concat([writePack(key), writePack(pack)]))
        expect(Object.keys(JSON.parse(json) as object)).toHaveLength(1)
        expect(readStream(jsonToEntry(Buffer.from(json), true)).map(meaningOf)).toEqual([key, pack].map(meaningOf))
        const at = json.startsWith('{"$pairs":[[') ? '{"$pairs":'.length : json.length
        if (at < json.length && meaningOf(key) !== meaningOf(str('$pairs')))
          expect(entryDepth(Buffer.from(json), at, KNOWN)).toBe(Math.max(depthOf(key), depthOf(pack)))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('extended JSON that this program never writes', () => {
  test.each([
    ['{"$extension":""}', bin(Buffer.alloc(0))],
    ['{"$extension":5}', map({ $extension: int(5) })],
    ['{"$pairs":[[1]]}', map({ $pairs: arr(arr(int(1))) })],
    ['{"$pairs":[[1,2],3]}', map({ $pairs: arr(arr(int(1), int(2)), int(3)) })],
    ['{"$pairs":[[1,2]],"a":1}', map({ $pairs: arr(arr(int(1), int(2))), a: int(1) })],
    ['{"$bytes":[]}', map({ $bytes: arr() })],
    ['{"$map":{"$pairs":[[1,2]]}}', map({ $pairs: arr(arr(int(1), int(2))) })],
  ])('%s is what it looks like', (json, expected) => {
    expect(meaningOf(readPack(jsonToMessagePack(Buffer.from(json), true)))).toEqual(meaningOf(expected))
    expect(jsonDepth(Buffer.from(json), 0, KNOWN)).toBeGreaterThanOrEqual(depthOf(expected))
  })

  test('is not understood where JSON is just JSON', () => {
    const json = Buffer.from('{"$extension":"BQ==","x":[{"$pairs":[]}]}')
    expect(meaningOf(readPack(jsonToMessagePack(json, false)))).toEqual(
      meaningOf(map({ $extension: str('BQ=='), x: arr(map({ $pairs: arr() })) })),
    )
    expect(jsonDepth(Buffer.from('{"$bytes":"eA=="}'), 0, NO_MARKS)).toBe(1)
  })

  test('as an entry of two pairs or none is an entry with that key', () => {
    for (const json of ['{"$pairs":[]}', '{"$pairs":[[1,2],[3,4]]}', '{"$pairs":7}']) {
      const [key] = readStream(jsonToEntry(Buffer.from(json), true))
      expect(meaningOf(key!)).toEqual(meaningOf(str('$pairs')))
    }
  })

  test('of MessagePack alone is a map to OTLP, which has no such values', () => {
    const json = Buffer.from('{"$extension":"BQ=="}')
    expect(Buffer.from(jsonToAnyValue(json, true)).includes('$extension')).toBe(true)
    expect(jsonDepth(json, 0, marksOf('otlp-protobuf'))).toBe(1)
  })
})
