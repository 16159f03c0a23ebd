import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  stringField,
  varintField,
} from '../../../bench/workloads/protobuf-writer.ts'

const type = protobuf.Root.fromJSON({
  nested: {
    Inner: { fields: { number: { id: 1, type: 'int64' } } },
    Outer: {
      fields: {
        number: { id: 1, type: 'int64' },
        text: { id: 2, type: 'string' },
        raw: { id: 3, type: 'bytes' },
        wide: { id: 4, type: 'fixed64' },
        narrow: { id: 5, type: 'fixed32' },
        real: { id: 6, type: 'double' },
        inner: { id: 2000, type: 'Inner' },
      },
    },
  },
}).lookupType('Outer')

test('protobufjs reads back each kind of field, whatever its value', () => {
  const values = fc.record({
    number: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    text: fc.string({ unit: 'grapheme' }),
    raw: fc.uint8Array({ maxLength: 300 }),
    wide: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    narrow: fc.nat({ max: 2 ** 32 - 1 }),
    real: fc.double({ noNaN: true }),
  })
  fc.assert(
    fc.property(values, ({ number, text, raw, wide, narrow, real }) => {
      const bytes = Buffer.concat([
        varintField(1, number),
        stringField(2, text),
        bytesField(3, raw),
        fixed64Field(4, wide),
        fixed32Field(5, narrow),
        doubleField(6, real),
        messageField(2000, [varintField(1, number)]),
      ])
      const decoded = type.toObject(type.decode(bytes), { longs: String, defaults: true, bytes: Buffer })
      expect(decoded).toEqual({
        number: String(number),
        text,
        raw: Buffer.from(raw),
        wide: String(wide),
        narrow,
        real,
        inner: { number: String(number) },
      })
    }),
  )
})
