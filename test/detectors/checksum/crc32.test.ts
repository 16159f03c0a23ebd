import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32, crc32Base62 } from '../../../detectors/checksum/crc32.ts'

describe('CRC-32', () => {
  test('of the digits 1 to 9 is the check value of the catalogue of CRCs', () => {
    expect(crc32('123456789')).toBe(0xcbf43926)
    expect(crc32('')).toBe(0)
  })

  test('is that of zlib for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32(Buffer.from(bytes).toString('latin1'))).toBe(zlibCrc32(bytes))
      }),
    )
  })

  test('has six digits in base 62, most significant first', () => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    fc.assert(
      fc.property(fc.string(), (text) => {
        const written = crc32Base62(text)
        expect(written).toHaveLength(6)
        expect([...written].reduce((value, digit) => value * 62 + digits.indexOf(digit), 0)).toBe(crc32(text))
      }),
    )
  })
})
