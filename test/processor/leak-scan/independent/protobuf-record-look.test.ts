import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Detector } from '../../../../detectors/detector.ts'
import { DEFAULT_DETECTORS } from '../../../../detectors/index.ts'
import { ownDetector } from '../../../../detectors/own.ts'
import { DetectorSet } from '../../../../detectors/set.ts'
import { Keys } from '../../../../processor/leak-scan/independent/keys.ts'
import { ProtobufRecordLook } from '../../../../processor/leak-scan/independent/protobuf-record-look.ts'
import { WhatRemains } from '../../../../processor/leak-scan/independent/what-remains.ts'
import { array, bytes, double, integer, type LogRecord, map, text, type Value } from '../../../conformance/model.ts'
import { carried, WAYS } from '../../../conformance/ways.ts'
import { mutateBytes } from '../../../fuzz/byte-mutations.ts'
import { makeInput } from '../../../fuzz/inputs.ts'
import { Random } from '../../../fuzz/random.ts'
import { records } from './canaries.ts'
import { leaksOf, scanFor } from './scans.ts'

const JANE = 'jane.doe@example.com'
const way = WAYS.find(({ format }) => format === 'otlp-protobuf')!

const own = (name: string, pattern: string): Detector =>
  ownDetector({
    name,
    title: name,
    finds: name,
    patterns: [pattern],
    validator: undefined,
    alone: false,
    gate: undefined,
    lowEntropy: false,
  })

const looking = scanFor()
/** Where a pattern has anchors each value is tried on its own, and there is no first look. */
const reading = scanFor([...DEFAULT_DETECTORS, own('never', '^\\x00never\\x00$')])

const shown = (scan: typeof looking, batch: Buffer): unknown => {
  const report = scan.scan(batch, 'otlp-protobuf')
  const { records: count, leakingRecords, unreadable } = report
  return { leaks: leaksOf(report), leaking: [...leakingRecords], count, unreadable }
}

describe('whoever looks first finds what whoever reads all finds', () => {
  test('in whatever records', () => {
    fc.assert(
      fc.property(records, (given) => {
        const batch = way.write(carried(way, given))
        expect(shown(looking, batch)).toEqual(shown(reading, batch))
      }),
      { numRuns: 300 },
    )
  })

  test('in whatever bytes', () => {
    const random = new Random(20261130)
    for (let i = 0; i < 600; i += 1) {
      let batch = makeInput(random, 'otlp-protobuf')
      for (let times = random.below(4); times > 0; times -= 1) batch = mutateBytes(random, batch)
      expect(shown(looking, batch)).toEqual(shown(reading, batch))
    }
  })
})

test('a number is looked at as its text, whatever its size', () => {
  const numbers = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => [integer(value), String(value)] as const),
    fc.nat().map((value) => [integer(value), String(value)] as const),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Number.isInteger(value))
      .map((value) => [double(value), String(value)] as const),
  )
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 20 }), (list) => {
      const record: LogRecord = {
        resource: [],
        scope: [],
        body: array(...list.map(([value]) => value)),
        attributes: [],
      }
      const [, last] = list.at(-1)!
      const scan = scanFor([own('number', `(?:\\b|\\B)${last.replace(/[-+.]/g, '\\$&')}\\b`)])
      const report = scan.scan(way.write([record]), 'otlp-protobuf')
      expect(leaksOf(report).length).toBe(1)
    }),
    { numRuns: 300 },
  )
})

describe('a record', () => {
  const set = new DetectorSet(DEFAULT_DETECTORS)
  const look = new ProtobufRecordLook(set, new Keys(set, new WhatRemains(set, new Set(), 1 << 20)))
  const field = (tag: number, content: Uint8Array | string): Buffer =>
    Buffer.concat([Buffer.from([tag, content.length]), Buffer.from(content)])
  const attribute = (key: string, value: Buffer): Buffer =>
    field(0x32, Buffer.concat([field(0x0a, key), field(0x12, value)]))
  const isClean = (...fields: Buffer[]): boolean => {
    const record = Buffer.concat(fields)
    // With something before and behind it, as it is in a batch.
    return look.areClean(Buffer.concat([Buffer.from('\x0a'), record, Buffer.from('\xff')]), [[1, 1 + record.length]])
  }

  test('is clean as senders write it', () => {
    expect(
      isClean(
        Buffer.concat([Buffer.from([0x09]), Buffer.alloc(8, 0x31)]),
        Buffer.from([0x10, 0x09]),
        field(0x1a, 'INFO'),
        field(0x2a, field(0x0a, 'request completed')),
        attribute('a', field(0x0a, 'x')),
        attribute('b', Buffer.from([0x10, 1])),
        attribute('c', Buffer.from([0x18, 0xc8, 0x01])),
        attribute('d', field(0x2a, field(0x0a, field(0x0a, 'x')))),
        attribute('e', field(0x32, field(0x0a, Buffer.concat([field(0x0a, 'k'), field(0x12, field(0x0a, 'x'))])))),
        field(0x4a, Buffer.alloc(16, 0x31)),
        field(0x52, Buffer.alloc(8, 0x31)),
        field(0x62, 'event'),
      ),
    ).toBe(true)
  })

  test.each<[string, Buffer[]]>([
    ['has an address in its body', [field(0x2a, field(0x0a, JANE))]],
    ['has one in its severity', [field(0x1a, JANE)]],
    ['has one in a key', [attribute(JANE, field(0x0a, 'x'))]],
    ['has a key that opens a detector', [attribute('passport_number', field(0x0a, 'x'))]],
    ['has bytes that are no UTF-8', [field(0x2a, field(0x0a, Buffer.from([0x61, 0xff])))]],
    ['has a field that no schema knows', [field(0x7a, 'x')]],
    ['has an id of another length', [field(0x4a, Buffer.alloc(15))]],
    ['has a value before its key', [field(0x32, Buffer.concat([field(0x12, field(0x0a, 'x')), field(0x0a, 'k')]))]],
    ['has two values under a key', [field(0x32, Buffer.concat([field(0x0a, 'k'), field(0x12, ''), field(0x12, '')]))]],
    ['has two values in one', [field(0x2a, Buffer.concat([field(0x0a, 'x'), field(0x0a, 'y')]))]],
    ['has a tag of two bytes', [Buffer.from([0x82, 0x01, 0x00])]],
    ['has a group', [Buffer.from([0x0b, 0x0c])]],
    ['is cut off in a length', [Buffer.from([0x2a])]],
    ['is cut off in a field', [Buffer.from([0x2a, 5, 0x0a])]],
    ['is cut off in a number', [Buffer.from([0x10, 0x80])]],
    ['has a time that is cut off', [Buffer.from([0x09, 1, 2])]],
    ['has a number of eleven bytes', [Buffer.from([0x10, ...Array<number>(10).fill(0x80), 1])]],
  ])('that %s is looked at value by value', (_, fields) => {
    expect(isClean(...fields)).toBe(false)
    expect(isClean(field(0x2a, field(0x0a, 'x')))).toBe(true)
  })

  test('does not run into the next', () => {
    const halves = [field(0x2a, field(0x0a, 'jane.doe')), field(0x2a, field(0x0a, '@example.com'))]
    const [first] = halves
    expect(
      look.areClean(Buffer.concat(halves), [
        [0, first!.length],
        [first!.length, first!.length * 2 + 4],
      ]),
    ).toBe(true)
  })

  test('is read where it is nested deep, and where it is large', () => {
    let value: Value = text('x')
    for (let level = 0; level < 20; level += 1) value = array(value)
    const deep: LogRecord = { resource: [], scope: [], body: value, attributes: [['k', map(['j', text(JANE)])]] }
    const large: LogRecord = {
      resource: [],
      scope: [],
      body: bytes(Buffer.alloc(1 << 20, 0x61)),
      attributes: [['k', text(JANE)]],
    }
    for (const record of [deep, large]) expect(looking.scan(way.write([record]), 'otlp-protobuf').leaks.size).toBe(1)
  })
})
