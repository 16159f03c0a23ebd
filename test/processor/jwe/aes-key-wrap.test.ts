import { createCipheriv, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BATCH_FROM, KeyWrapper, unwrapKey } from '../../../processor/jwe/aes-key-wrap.ts'
import { describeVectors, readVectors } from './vectors.ts'

function openssl(kek: Uint8Array, key: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', kek, Buffer.alloc(8, 0xa6))
  return Buffer.concat([cipher.update(key), cipher.final()])
}

test('a batch of any size equals one call of OpenSSL for each key, byte for byte', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, fc.array(bytes, { minLength: 1, maxLength: 300, size: 'max' }), (kek, keys) => {
      const wrapper = new KeyWrapper(createSecretKey(kek))
      const joined = Buffer.concat(keys)
      const expected = Buffer.concat(keys.map((key) => openssl(kek, key)))
      expect(wrapper.wrapTogether(joined, keys.length).equals(expected)).toBe(true)
      expect(wrapper.wrap(joined, keys.length).equals(expected)).toBe(true)
      // The context is used again.
      expect(wrapper.wrap(joined, keys.length).equals(expected)).toBe(true)
      expect(joined.equals(Buffer.concat(keys))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('both ways of wrapping are taken and agree', () => {
  const keys = Buffer.alloc(2 * BATCH_FROM * 32, 7)
  const wrapper = new KeyWrapper(Buffer.alloc(32, 1))
  for (let count = 1; count <= 2 * BATCH_FROM; count++) {
    expect(wrapper.wrapSingly(keys, count).equals(wrapper.wrapTogether(keys, count))).toBe(true)
  }
})

test('a wrapped key with any bit flipped, or of a wrong length, is not unwrapped', () => {
  const kek = Buffer.alloc(32, 3)
  const wrapped = openssl(kek, Buffer.alloc(32, 9))
  expect(unwrapKey(kek, wrapped)).toEqual(Buffer.alloc(32, 9))
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const changed = Buffer.from(wrapped)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(unwrapKey(kek, changed)).toBeUndefined()
  }
  for (let length = 0; length < wrapped.length; length++) {
    expect(unwrapKey(kek, wrapped.subarray(0, length))).toBeUndefined()
  }
})

describeVectors('Wycheproof aes_wrap', 'wycheproof/aes_wrap_test.json', () => {
  const groups = readVectors('wycheproof/aes_wrap_test.json').testGroups
  // biome-ignore lint/suspicious/noExplicitAny: see readVectors.
  const tests: any[] = groups.filter((group: any) => group.keySize === 256).flatMap((group: any) => group.tests)

  test('valid 256-bit keys are wrapped to the stated bytes, one by one and in batches', () => {
    const valid = tests.filter(({ result, msg }) => result === 'valid' && msg.length === 64)
    expect(valid.length).toBeGreaterThanOrEqual(4)
    for (const { key, msg, ct } of valid) {
      const wrapper = new KeyWrapper(Buffer.from(key, 'hex'))
      expect(wrapper.wrapSingly(Buffer.from(msg, 'hex'), 1).toString('hex')).toBe(ct)
      expect(wrapper.wrapTogether(Buffer.from(msg.repeat(9), 'hex'), 9).toString('hex')).toBe(ct.repeat(9))
      expect(unwrapKey(Buffer.from(key, 'hex'), Buffer.from(ct, 'hex'))?.toString('hex')).toBe(msg)
    }
  })

  test('nothing that is invalid is unwrapped', () => {
    const invalid = tests.filter(({ result }) => result === 'invalid')
    expect(invalid.length).toBeGreaterThan(10)
    const unwrapped = invalid.filter(({ key, ct }) => unwrapKey(Buffer.from(key, 'hex'), Buffer.from(ct, 'hex')))
    expect(unwrapped.map(({ tcId, comment }) => [tcId, comment])).toEqual([])
  })
})
