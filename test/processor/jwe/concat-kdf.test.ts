import { expect, test } from 'vitest'
import { concatKdf } from '../../../processor/jwe/concat-kdf.ts'

// RFC 7518 appendix C.
const Z = Buffer.from([
  158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246,
  218, 167, 121, 140, 254, 144, 196,
])
const INPUT = { algorithm: 'A128GCM', keyBytes: 16, apu: Buffer.from('Alice'), apv: Buffer.from('Bob') }

test('the example of RFC 7518 appendix C comes out', () => {
  expect(concatKdf(Z, INPUT).toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg')
})

test('every input changes the key, and Z stays as it was', () => {
  const before = Buffer.from(Z)
  const keys = [
    concatKdf(Z, INPUT),
    concatKdf(Z, { ...INPUT, algorithm: 'A256GCM' }),
    concatKdf(Z, { ...INPUT, keyBytes: 32 }).subarray(0, 16),
    concatKdf(Z, { ...INPUT, apu: Buffer.from('AliceB'), apv: Buffer.from('ob') }),
    concatKdf(Z, { algorithm: 'A128GCM', keyBytes: 16 }),
    concatKdf(Buffer.alloc(32, 1), INPUT),
  ]
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length)
  expect(Z).toEqual(before)
})
