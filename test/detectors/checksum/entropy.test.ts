import { expect, test } from 'vitest'
import { entropy } from '../../../detectors/checksum/entropy.ts'

test.each([
  ['', 0],
  ['aaaa', 0],
  ['abab', 1],
  ['0123456789abcdef', 4],
  ['aab', 0.9183],
])('the entropy of %j is %d bits per character', (text, bits) => {
  expect(entropy(text)).toBeCloseTo(bits, 4)
})
