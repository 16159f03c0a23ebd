import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonOnOneLine } from '../../../processor/formats/json-one-line.ts'

const oneLine = (text: string) => jsonOnOneLine(Buffer.from(text)).toString()

describe('JSON on one line', () => {
  it('is what JSON.stringify writes without spaces, whatever white space was there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(1, 4, '\t', ' \n', '\r\n'), (value, indent) => {
        // JSON.stringify takes an indent of any characters, white space of JSON included.
        expect(oneLine(`\n${JSON.stringify(value, undefined, indent)}\r\n`)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('leaves the text of numbers, escapes, keys that occur twice and the order of members as they are', () => {
    expect(
      oneLine('{ "b" : 1.50e+03,\n"a": [ 36028797018963964 , -0 ], "b": "\\u0041 \\n \\" x\\\\" , "\\\\" : " \\t" }\n'),
    ).toBe('{"b":1.50e+03,"a":[36028797018963964,-0],"b":"\\u0041 \\n \\" x\\\\","\\\\":" \\t"}')
  })

  it('returns the same buffer where there is nothing to do', () => {
    const bytes = Buffer.from('{"a":" spaces inside of strings \\" \\\\","b":[1,2]}')
    expect(jsonOnOneLine(bytes)).toBe(bytes)
    expect(bytes.toString()).toBe('{"a":" spaces inside of strings \\" \\\\","b":[1,2]}')
  })

  it('does not change the buffer that it is given', () => {
    const bytes = Buffer.from('{ "a" : 1 }')
    jsonOnOneLine(bytes)
    expect(bytes.toString()).toBe('{ "a" : 1 }')
  })

  it('writes U+FFFD for what is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from([0xff, 0xc3]), Buffer.from('"}')])
    expect(jsonOnOneLine(bytes).toString('utf8')).toBe('{"a":"x\ufffd\ufffd"}')
    expect(jsonOnOneLine(bytes).includes(0xff)).toBe(false)
  })
})
