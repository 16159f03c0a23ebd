import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../processor/index.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { decode } from '../../fuzz/decode.ts'
import { type Field, writeProtobuf } from '../../fuzz/protobuf-tree.ts'

const READER = generateKeyPair('X25519', 'reader')
const engine = createEngine({
  recipients: { reader: { ...READER.publicJwk } },
  rules: [{ id: 'mails', detect: 'email', seal: { to: 'reader' } }],
})

const MAIL = 'jane@example.org'
const message = (number: number, ...content: Field[]): Field => ({ number, wire: 2, content })
const string = (number: number, text: string): Field => ({ number, wire: 2, content: Buffer.from(text) })
const varint = (number: number, content: bigint): Field => ({ number, wire: 0, content })
const late = (field: Field): Field => ({ ...field, longTag: 2 })

/** Where an entry may stand: each gets the entry's fields. */
const OWNERS: Readonly<Record<string, (entry: Field[]) => Field>> = {
  record: (entry) => message(1, message(2, message(2, message(6, ...entry)))),
  'record of which it is not the first': (entry) =>
    message(1, message(2, message(2, message(5, string(1, 'x')), message(6, string(1, 'a')), message(6, ...entry)))),
  resource: (entry) => message(1, message(1, message(1, ...entry))),
  'resource behind its records': (entry) => message(1, message(2, message(2)), message(1, message(1, ...entry))),
  scope: (entry) => message(1, message(2, message(1, message(3, ...entry)))),
  'map in a body': (entry) => message(1, message(2, message(2, message(5, message(6, message(1, ...entry)))))),
  'map in an array': (entry) =>
    message(
      1,
      message(
        2,
        message(2, message(6, string(1, 'k'), message(2, message(5, message(1, message(6, message(1, ...entry))))))),
      ),
    ),
}

const value = message(2, string(1, 'x'))
const ENTRIES: Readonly<Record<string, readonly Field[]>> = {
  'a key that holds something': [string(1, MAIL), value],
  'such a key and no value': [string(1, MAIL)],
  'such a key and an empty value': [string(1, MAIL), message(2)],
  'such a key and a value of an unknown type': [string(1, MAIL), message(2, varint(9, 1n))],
  'such a key behind its value': [value, string(1, MAIL)],
  'such a key and two values': [string(1, MAIL), value, value],
  'such a key and an unknown field': [string(1, MAIL), varint(99, 5n)],
  'such a key with tags of more bytes than they need': [late(string(1, MAIL)), late(value)],
  'a value that holds something': [string(1, 'k'), message(2, string(1, MAIL))],
  'such a value and no key': [message(2, string(1, MAIL))],
  'such a value behind another one': [string(1, 'k'), value, message(2, string(1, MAIL))],
  'such a value before another one': [string(1, 'k'), message(2, string(1, MAIL)), value],
  'such a value in two pieces': [string(1, 'k'), message(2, string(1, MAIL)), message(2)],
  'such a value behind an unknown field': [string(1, 'k'), message(2, varint(9, 1n), string(1, MAIL))],
  'such a value with tags of more bytes than they need': [string(1, 'k'), late(message(2, late(string(1, MAIL))))],
  'bytes that hold something': [string(1, 'k'), message(2, string(7, MAIL))],
  'an array that holds something': [string(1, 'k'), message(2, message(5, message(1, string(1, MAIL))))],
}

describe.each(Object.keys(OWNERS))('in a %s', (owner) => {
  test.each(Object.keys(ENTRIES))('%s is found', (entry) => {
    const input = writeProtobuf([OWNERS[owner]!([...ENTRIES[entry]!])])
    const output = engine.seal(input, 'otlp-protobuf').bytes
    // Not even the raw bytes hold it: a value that another one follows is read by some parsers.
    expect(input.includes(MAIL)).toBe(true)
    expect(output.includes(MAIL)).toBe(false)
    expect(output.includes('"protected":"')).toBe(true)
    expect(decode('otlp-protobuf', output)).toBeDefined()
  })
})
