import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecord } from '../../../processor/authoring/record-after.ts'
import { type TestRecord, testRequest } from '../../../processor/authoring/test-record.ts'
import { array, boolean, double, integer, map, NULL, text } from '../../conformance/model.ts'
import { fromOtlpJson } from '../../conformance/otlp-json-way.ts'

/** Read by what the conformance suite reads OTLP's JSON with. */
const written = (record: TestRecord) => fromOtlpJson(testRequest(record))

describe('a case of a test', () => {
  test('is one record, its parts where OTLP has them', () => {
    expect(
      written({ body: 'b', attributes: { a: 'x' }, resource: { 'service.name': 'shop' }, scope: { lib: 'y' } }),
    ).toEqual([
      {
        body: text('b'),
        attributes: [['a', text('x')]],
        resource: [['service.name', text('shop')]],
        scope: [['lib', text('y')]],
      },
    ])
  })

  test('has values of every type that YAML has', () => {
    const attributes = { i: 7, d: 0.5, t: true, n: null, list: [1, [false], { k: 'v' }], map: { inner: { deep: -1 } } }
    expect(written({ attributes })[0]!.attributes).toEqual([
      ['i', integer(7)],
      ['d', double(0.5)],
      ['t', boolean(true)],
      ['n', NULL],
      ['list', array(integer(1), array(boolean(false)), map(['k', text('v')]))],
      ['map', map(['inner', map(['deep', integer(-1)])])],
    ])
  })

  test('has integers beyond 2^53 as integers, up to the 64 bits of OTLP, and larger ones as doubles', () => {
    const attributes = {
      number: 2 ** 60,
      bigint: 9_007_199_254_740_993n,
      least: -(2n ** 63n),
      beyond: 2n ** 63n,
      huge: 1e300,
    }
    expect(written({ attributes })[0]!.attributes).toEqual([
      ['number', integer(2n ** 60n)],
      ['bigint', integer(9_007_199_254_740_993n)],
      ['least', integer(-(2n ** 63n))],
      ['beyond', double(2 ** 63)],
      ['huge', double(1e300)],
    ])
  })

  test('has numbers that JSON lacks', () => {
    const attributes = { nan: Number.NaN, least: Number.NEGATIVE_INFINITY }
    expect(written({ attributes })[0]!.attributes).toEqual([
      ['nan', double(Number.NaN)],
      ['least', double(Number.NEGATIVE_INFINITY)],
    ])
  })

  test('may be a map or an array, or have no body at all', () => {
    expect(written({ body: { user: ['x'] } })[0]!.body).toEqual(map(['user', array(text('x'))]))
    expect(written({ attributes: {} })[0]!.body).toBeUndefined()
  })

  test.each([
    [{ severity: 'ERROR' }, { severityText: 'ERROR' }],
    [{ severity: 17 }, { severityNumber: 17 }],
    [{ severity: true }, { severityText: 'true' }],
    [{ event_name: 'login' }, { eventName: 'login' }],
  ])('has the field that `where` reads: %j', (record, fields) => {
    const { resourceLogs } = JSON.parse(testRequest(record).toString())
    expect(resourceLogs[0].scopeLogs[0].logRecords).toEqual([fields])
  })

  test('reads back as it was', () => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(key, tie('tree'))),
    }))
    fc.assert(
      fc.property(tree, fc.dictionary(key, tree), (body, attributes) => {
        expect(readRecord(testRequest({ body, attributes }))).toEqual({ body, attributes, resource: {}, scope: {} })
      }),
    )
  })
})

const key = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__' && !/^sealed:/.test(name))
