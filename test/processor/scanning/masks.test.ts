import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskedExample } from '../../../processor/scanning/masked-example.ts'

test('an example shows the first and the last character at most, and of short texts nothing', () => {
  expect(maskedExample('jane.doe@example.com')).toBe('j****m')
  expect(maskedExample('4111111111111111')).toBe('4****1')
  expect(maskedExample('123-45-678')).toBe('1****8')
  expect(maskedExample('123456789')).toBe('****')
  expect(maskedExample('')).toBe('****')
})

test('an example is never longer for a longer text, and holds nothing else of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const example = maskedExample(text)
      const characters = [...text]
      if (characters.length < 10) return example === '****'
      const [first, last] = [characters[0]!, characters.at(-1)!]
      const shown = [...example]
      return (
        shown.length === 6 &&
        shown.slice(1, 5).join('') === '****' &&
        [first, '*'].includes(shown[0]!) &&
        [last, '*'].includes(shown[5]!) &&
        !/[\p{Cc}\p{Cf}\p{Z}]/u.test(example)
      )
    }),
  )
})
