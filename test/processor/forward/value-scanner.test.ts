import { ExtData, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ValueScanner } from '../../../processor/forward/value-scanner.ts'
import { messagePackValues } from './arbitraries.ts'

const LIMITS = { depth: 64, elements: 2 ** 32, bytes: 2 ** 40 }

/** Where the values of a stream end that comes in these chunks. */
function endsOf(chunks: readonly Uint8Array[], scanner = new ValueScanner(LIMITS)): number[] {
  const ends: number[] = []
  let before = 0
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const end = scanner.advance(chunk, at)
      if (end === -1) break
      ends.push(before + end)
      at = end
    }
    before += chunk.length
  }
  return ends
}

/** The stream cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

describe('the end of values in a stream', () => {
  test('is found wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(messagePackValues, { maxLength: 5 }), fc.array(fc.nat()), (values, places) => {
        const encoded = values.map((value) => encode(value, { useBigInt64: true }))
        const bytes = Buffer.concat(encoded)
        const ends = encoded.map((_, index) => Buffer.concat(encoded.slice(0, index + 1)).length)
        expect(endsOf(cut(bytes, places))).toEqual(ends)
        expect(endsOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(ends)
      }),
    )
  })

  test('is found for each form of each type', () => {
    const forms = [
      '00',
      '7f',
      'e0',
      'ff',
      'c0',
      'c2',
      'c3',
      'ca00000000',
      'cb0000000000000000',
      'cc00',
      'cd0000',
      'ce00000000',
      'cf0000000000000000',
      'd000',
      'd10000',
      'd200000000',
      'd30000000000000000',
      'd40000',
      'd5000000',
      'd60000000000',
      `d7${'00'.repeat(9)}`,
      `d8${'00'.repeat(17)}`,
      'a0',
      'a161',
      'd90161',
      'da000161',
      'db0000000161',
      'c400',
      'c40161',
      'c5000161',
      'c60000000161',
      'c7010061',
      'c800010061',
      'c9000000010061',
      'c70000',
      '90',
      '91c0',
      'dc0001c0',
      'dd00000001c0',
      'dc0000',
      '80',
      '81a161c0',
      'de0001a161c0',
      'df00000001a161c0',
      'de0000',
    ] // prettier-ignore
    for (const form of forms) {
      const bytes = Buffer.from(form, 'hex')
      expect(endsOf([bytes, bytes]), form).toEqual([bytes.length, 2 * bytes.length])
      expect(endsOf([...bytes, ...bytes].map((byte) => Uint8Array.of(byte))), form).toEqual([
        bytes.length,
        2 * bytes.length,
      ])
    }
    const extension = encode(new ExtData(5, new Uint8Array(70_000)))
    expect(endsOf([extension])).toEqual([extension.length])
  })

  test('comes with the places of the outermost elements', () => {
    const scanner = new ValueScanner(LIMITS)
    const bytes = encode(['tag', [[1, { a: [] }]], { chunk: 'x' }])
    for (let at = 0; at < bytes.length; at += 1) scanner.advance(bytes.subarray(at, at + 1), 0)
    expect(scanner.parts).toBe(3)
    expect([0, 1, 2].map((index) => scanner.partStart(index))).toEqual([1, 5, 12])
    expect(scanner.started).toBe(false)
  })
})

describe('what a header claims', () => {
  const refuses = (bytes: Uint8Array, limits: object, code: string) =>
    expect(() => endsOf([bytes], new ValueScanner({ ...LIMITS, ...limits }))).toThrow(expect.objectContaining({ code }))

  test('is counted against the bytes before they come', () => {
    for (const header of ['c600100001', 'db00100001', 'dd00100000', 'df00080000', 'c900100000']) {
      refuses(Buffer.from(header, 'hex'), { bytes: 2 ** 20 }, 'FIELDSEAL_INPUT_TOO_LARGE')
    }
    refuses(Buffer.from('ddffffffff', 'hex'), { bytes: 2 ** 20 }, 'FIELDSEAL_INPUT_TOO_LARGE')
    expect(endsOf([Buffer.from('c4021234', 'hex')], new ValueScanner({ ...LIMITS, bytes: 4 }))).toEqual([4])
    refuses(Buffer.from('c403123456', 'hex'), { bytes: 4 }, 'FIELDSEAL_INPUT_TOO_LARGE')
  })

  test('is counted over all containers, so that many cannot add up', () => {
    refuses(
      Buffer.from('dcffff'.repeat(24_000), 'hex'),
      { depth: 100_000, elements: 1_000_000 },
      'FIELDSEAL_INPUT_TOO_LARGE',
    )
    refuses(Buffer.from('dcffff'.repeat(24_000), 'hex'), {}, 'FIELDSEAL_INPUT_TOO_DEEP')
  })

  test('goes no deeper than the limit', () => {
    refuses(Buffer.alloc(72_000, 0x91), {}, 'FIELDSEAL_INPUT_TOO_DEEP')
    const deepest = Buffer.concat([Buffer.alloc(64, 0x91), Buffer.from([0x90])])
    expect(endsOf([deepest])).toEqual([65])
  })

  test('says early how much there will be', () => {
    const scanner = new ValueScanner(LIMITS)
    expect(scanner.advance(Buffer.from('93a161c6000f4240', 'hex'), 0)).toBe(-1)
    expect(scanner.least).toBe(1 + 2 + 5 + 1_000_000 + 1)
  })

  test('is malformed where there is no such type', () => {
    refuses(Buffer.from('91c1', 'hex'), {}, 'FIELDSEAL_INPUT_MALFORMED')
  })
})
