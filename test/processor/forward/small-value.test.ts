import { ExtData, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, decodeSmall, isSmallMap, type SmallMap } from '../../../processor/forward/small-value.ts'
import { messagePackValues } from './arbitraries.ts'

const WIDE = { depth: 64, elements: 1_000_000, bytes: 2 ** 30 }

/** As the decoder gives it: integers that fit are numbers, and maps have no prototype. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, item]) => [key, expected(item)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}

describe('a small value', () => {
  test('is what another library has written', () => {
    fc.assert(
      fc.property(messagePackValues, (value) => {
        expect(expected(decodeSmall(encode(value, { useBigInt64: true }), WIDE))).toEqual(expected(value))
      }),
    )
  })

  test('keeps the sign of a zero', () => {
    expect(decodeSmall(Buffer.from('cb8000000000000000', 'hex'))).toBe(-0)
    expect(decodeSmall(Buffer.from('ca80000000', 'hex'))).toBe(-0)
    expect(decodeSmall(Buffer.from('00', 'hex'))).toBe(0)
  })

  test('keeps the bytes of a str that is no UTF-8', () => {
    const value = decodeSmall(Buffer.from('92a2fffea0', 'hex')) as unknown[]
    expect(Buffer.from(value[0] as Uint8Array).toString('hex')).toBe('fffe')
    expect(value[1]).toBe('')
  })

  test('is a copy', () => {
    const bytes = Buffer.from('c40161', 'hex')
    const value = decodeSmall(bytes) as Uint8Array
    bytes.fill(0)
    expect(value[0]).toBe(0x61)
  })

  test('has maps without a prototype, in which no key means anything', () => {
    const map = decodeSmall(
      Buffer.concat([
        Buffer.from([0x82]),
        encode('__proto__'),
        encode({ polluted: true }),
        encode('constructor'),
        encode(1),
      ]),
    )
    expect(isSmallMap(map)).toBe(true)
    expect(Object.keys(map as SmallMap)).toEqual(['__proto__', 'constructor'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('takes bin keys for text, leaves out others, and lets the last of equal keys count', () => {
    const map = decodeSmall(Buffer.from('84c40161 01 05 02 c403fffefd 03 a161 04'.replaceAll(' ', ''), 'hex'))
    expect(Object.entries(map as SmallMap)).toEqual([['a', 4]])
  })

  test('has extensions with their type, which are no maps', () => {
    const value = decodeSmall(encode(new ExtData(-3, new Uint8Array([1, 2]))))
    expect(value).toEqual({ extension: -3, bytes: new Uint8Array([1, 2]) })
    expect(isSmallMap(value)).toBe(false)
  })

  test('is bounded in bytes, values and depth, and ends where its bytes end', () => {
    const code = (bytes: Uint8Array, limits = { depth: 2, elements: 4, bytes: 16 }) => {
      try {
        decodeSmall(bytes, limits)
        return 'none'
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(code(Buffer.from('919101', 'hex'))).toBe('none')
    expect(code(Buffer.from('91919101', 'hex'))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
    expect(code(Buffer.from('9401020304', 'hex'))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    expect(code(encode('x'.repeat(16)))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    expect(code(Buffer.from('0101', 'hex'))).toBe('FIELDSEAL_INPUT_MALFORMED')
    for (const bytes of ['', 'c1', '91', 'ddffffffff', 'a5', 'd701']) {
      expect(code(Buffer.from(bytes, 'hex')), bytes).toBe('FIELDSEAL_INPUT_MALFORMED')
    }
  })

  test('gives the bytes of texts and bytes alike', () => {
    expect(bytesOf('ä')?.toString('hex')).toBe('c3a4')
    expect(bytesOf(new Uint8Array([1]))?.toString('hex')).toBe('01')
    expect([bytesOf(1), bytesOf(null), bytesOf(undefined), bytesOf([])]).toEqual(Array(4).fill(undefined))
  })
})
