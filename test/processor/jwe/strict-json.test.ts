import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStrictJson } from '../../../processor/jwe/strict-json.ts'

const BOUNDS = { depth: 8, commas: 1000 }

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      expect(parseStrictJson(text, BOUNDS)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  '{"a":1,"a":1}',
  '{"a":1,"\\u0061":2}',
  '{"x":{"a":1,"b":[],"a":2}}',
  '[{"a":"{","a":1}]',
  '{"a\\"":1,"a\\"":2}',
  '{"a":[1,{"b":{}}],"a":3}',
  '{"__proto__":1,"__proto__":2}',
])('a name that occurs twice is refused: %s', (text) => {
  expect(() => JSON.parse(text)).not.toThrow()
  expect(parseStrictJson(text, BOUNDS)).toBeUndefined()
})

test.each(['', '{', '{"a"', '{"a":}', '{"a":1}x', '"\\', '{"\\x":1}', '[1,]', "{'a':1}", ']]]]'])(
  'what is not JSON is refused: %s',
  (text) => {
    expect(parseStrictJson(text, BOUNDS)).toBeUndefined()
  },
)

test('the same name at different places is not a repetition', () => {
  const text = '{"a":{"a":"a"},"b":["a","a",{"a":{}},{"a":{}}],"c":"a,\\"a\\":1"}'
  expect(parseStrictJson(text, BOUNDS)).toEqual(JSON.parse(text))
})

test('depth and commas are bounded before anything is built', () => {
  expect(parseStrictJson('[[[]]]', { depth: 3, commas: 0 })).toEqual([[[]]])
  expect(parseStrictJson('[[[[]]]]', { depth: 3, commas: 0 })).toBeUndefined()
  expect(parseStrictJson('[1,2,3]', { depth: 1, commas: 2 })).toEqual([1, 2, 3])
  expect(parseStrictJson('[1,2,3,4]', { depth: 1, commas: 2 })).toBeUndefined()
  expect(parseStrictJson('['.repeat(1_000_000), BOUNDS)).toBeUndefined()
})
