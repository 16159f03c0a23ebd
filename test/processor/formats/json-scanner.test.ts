import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { JsonScanner } from '../../../processor/formats/json-scanner.ts'

/** The code of the error; undefined where the text is one JSON value. */
function scan(bytes: Uint8Array, depth = 100): string | undefined {
  const scanner = new JsonScanner(bytes, bytes.length, depth)
  try {
    const end = scanner.skipSpace(scanner.skipValue(scanner.skipSpace(0), 0))
    return end === bytes.length ? undefined : 'something follows'
  } catch (error) {
    if (error instanceof FieldsealError) return error.code
    throw error
  }
}

function accepts(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const NUMBERS = [
  '0',
  '-0',
  '1',
  '12',
  '-12',
  '0.5',
  '1.50',
  '1e5',
  '1E5',
  '1e+5',
  '1e-5',
  '1.5e0',
  '123456789012345678901234567890',
  '1e999999',
  '-1e-999999',
  '0e1',
  '0.0e+00',
]
const NO_NUMBERS = [
  '01',
  '-01',
  '00',
  '1.',
  '.5',
  '-.5',
  '-',
  '+1',
  '1e',
  '1e+',
  '1.e5',
  '1.5.',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '-Infinity',
  '１',
  '1 2',
  '--1',
  '1-',
]
const STRINGS = [
  '""',
  '"a"',
  '"\\""',
  '"\\\\"',
  '"\\/\\b\\f\\n\\r\\t"',
  '"\\u0000"',
  '"\\uD83D\\uDE00"',
  '"\\ud83d"',
  '"\\udc00\\ud800"',
  '"\u007f"',
  '"\u2028\u2029"',
  '"é😀"',
  '"/"',
]
const NO_STRINGS = [
  '"',
  '"a',
  '"\\"',
  '"\\x41"',
  '"\\a"',
  '"\\u12"',
  '"\\u12G4"',
  '"\\U0041"',
  '"\n"',
  '"\t"',
  '"\u0000"',
  '"\u001f"',
  "'a'",
  'a',
  '"\\',
  '"\\u',
  '"a" "b"',
  '""x',
  '"\\\n"',
]
const LITERALS = ['true', 'false', 'null']
const NO_LITERALS = ['True', 'TRUE', 'nul', 'nulll', 'truefalse', 'undefined', 'tru', 'f', 'n', '\u0000', '', ' ', '\n']
const STRUCTURES = [
  '[]',
  '{}',
  '[ ]',
  '{ }',
  '[1]',
  '[1,2]',
  '[[],{}]',
  '{"a":1}',
  '{"a":1,"a":2}',
  '{"":{"":[]}}',
  ' [ 1 , 2 ] ',
  '\t\r\n{ "a" : [ null ] }\n',
  '{"__proto__":1}',
  '{"a":{"b":[{"c":""}]}}',
]
const NO_STRUCTURES = [
  '[',
  ']',
  '{',
  '}',
  '[1',
  '[1,',
  '[1,]',
  '[,1]',
  '[,]',
  '[1 2]',
  '[1;2]',
  '[}',
  '{]',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{,"a":1}',
  '{a:1}',
  '{1:1}',
  '{"a":1 "b":2}',
  '{"a"::1}',
  '{"a":1}}',
  '[1]]',
  '[[]',
  '{"a":[}',
  "{'a':1}",
  '{"a":1}/*x*/',
  '//x\n1',
  '[1,\u00a02]',
  '\u00a0[]',
  '\ufeff[]',
  '[]\ufeff',
  '\u000b[]',
  '{"a":1,,"b":2}',
  '[1,,2]',
  '{"a" 1}',
  '{null:1}',
  '{"\\q":1}',
]

describe('one value is taken or refused as JSON.parse does it', () => {
  test.each([...NUMBERS, ...STRINGS, ...LITERALS, ...STRUCTURES])('taken: %j', (text) => {
    expect(accepts(text)).toBe(true)
    expect(scan(Buffer.from(text))).toBeUndefined()
    expect(scan(Buffer.from(` [${text},\n{"k": ${text}}]`))).toBeUndefined()
  })

  test.each([...NO_NUMBERS, ...NO_STRINGS, ...NO_LITERALS, ...NO_STRUCTURES])('refused: %j', (text) => {
    expect(accepts(text)).toBe(false)
    expect(scan(Buffer.from(text))).toBeDefined()
  })

  test('whatever JSON comes, cut off and changed anywhere', () => {
    const json = fc.json({ maxDepth: 4 })
    const characters = fc.constantFrom(...'{}[]",:\\/eE+-.0129tfnu \n\t\u0000é'.split(''))
    fc.assert(
      fc.property(
        json,
        fc.nat(),
        fc.nat(3),
        fc.string({ unit: characters, maxLength: 3 }),
        (text, place, removed, put) => {
          const at = place % (text.length + 1)
          const changed = text.slice(0, at) + put + text.slice(at + removed)
          // Half of a character is no text for JSON.parse.
          fc.pre(changed.isWellFormed())
          expect(scan(Buffer.from(text))).toBeUndefined()
          expect(scan(Buffer.from(changed)) === undefined).toBe(accepts(changed))
        },
      ),
      { numRuns: 5000 },
    )
  })
})

test('bytes that are no UTF-8 pass in strings and nowhere else', () => {
  expect(scan(Buffer.from([0x22, 0xff, 0xc3, 0x28, 0x80, 0x22]))).toBeUndefined()
  expect(scan(Buffer.from([0x5b, 0xff, 0x5d]))).toBe('FIELDSEAL_INPUT_MALFORMED')
  expect(scan(Buffer.from([0xff]))).toBe('FIELDSEAL_INPUT_MALFORMED')
})

describe('depth', () => {
  const nested = (levels: number, open: string, inner: string, close: string) =>
    Buffer.from(open.repeat(levels) + inner + close.repeat(levels))

  test.each([
    ['arrays', '[', '', ']'],
    ['objects', '{"a":', '1', '}'],
    ['both', '[{"a":', '1', '}]'],
  ])('of %s is limited', (_what, open, inner, close) => {
    const each = open.includes('[{') ? 2 : 1
    expect(scan(nested(10 / each, open, inner, close), 9)).toBeUndefined()
    expect(scan(nested(10 / each, open, inner, close), 8)).toBe('FIELDSEAL_INPUT_TOO_DEEP')
  })

  test('of a million levels is refused before the stack is full', () => {
    expect(scan(Buffer.alloc(1_000_000, '['))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
    expect(scan(Buffer.from('{"a":'.repeat(1_000_000)))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
  })
})

test('members are reported with the ranges of their keys and values', () => {
  const text = ' {"a" : 1 , "b\\u0041":[2] ,"":"x"}'
  const bytes = Buffer.from(text)
  const scanner = new JsonScanner(bytes, bytes.length, 10)
  const seen: unknown[] = []
  const end = scanner.members(1, 0, (keyStart, keyEnd, value) => {
    const { escaped } = scanner
    const valueEnd = scanner.skipValue(value, 1)
    seen.push([text.slice(keyStart, keyEnd), escaped, text.slice(value, valueEnd)])
    return valueEnd
  })
  expect(end).toBe(text.length)
  expect(seen).toEqual([
    ['a', false, '1'],
    ['b\\u0041', true, '[2]'],
    ['', false, '"x"'],
  ])
})

test('nothing behind the end is read', () => {
  const bytes = Buffer.from('[1,2,3]')
  for (let end = 0; end < bytes.length; end += 1) {
    const scanner = new JsonScanner(bytes, end, 10)
    expect(() => scanner.skipValue(0, 0)).toThrow(FieldsealError)
  }
})
