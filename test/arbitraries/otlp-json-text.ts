import fc from 'fast-check'
import { joined, literal, type Piece, SECRET_KEY } from './expected-bytes.ts'
import { JWE, listed, STRING, space, spaced, text } from './json-text.ts'

/** OTLP's JSON with white space, members in any order, unknown members, names of the proto files. */

const unknown = fc
  .constantFrom(
    '"droppedAttributesCount":0',
    '"flags" : 1',
    '"x":{"stringValue":"jane999999@plant.example"}',
    '"y":[null]',
  )
  .map(literal)

function member(name: string, spelt: string, content: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> {
  return fc
    .tuple(fc.boolean(), space, space, content)
    .map(([proto, before, after, value]) =>
      joined(literal(`"${proto ? spelt : name}"`), before, literal(':'), after, value),
    )
}

/** An object of these members, in any order, some unknown ones among them. */
function object(...wanted: readonly fc.Arbitrary<Piece>[]): fc.Arbitrary<Piece> {
  return fc
    .tuple(fc.tuple(...wanted), fc.array(unknown, { maxLength: 1 }))
    .chain(([known, others]) => fc.shuffledSubarray([...known, ...others], { minLength: known.length + others.length }))
    .chain((all) => fc.tuple(...all.map((one) => spaced(fc.constant(one)))))
    .map((all) => joined(literal('{'), listed(all), literal('}')))
}

function array(item: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> {
  return fc.array(spaced(item), { maxLength: 3 }).map((items) => joined(literal('['), listed(items), literal(']')))
}

const scalar = fc.oneof(
  member('intValue', 'int_value', fc.constantFrom('"9007199254740993"', '7', '"-1"').map(literal)),
  member('doubleValue', 'double_value', fc.constantFrom('1.50', '"NaN"', '1e3').map(literal)),
  member('boolValue', 'bool_value', fc.constantFrom('true', 'false').map(literal)),
  member('bytesValue', 'bytes_value', fc.constantFrom('""', '"/+8="').map(literal)),
)

/** Where a whole value is sealed, the object around it is written anew, and what else was in it goes. */
const REWRITTEN = `\\{"stringValue":${JWE}\\}`

const stringValue = text.chain((inside) => {
  const value = object(member('stringValue', 'string_value', fc.constant(inside)))
  return inside.pattern === JWE ? value.map(({ raw }) => ({ raw, pattern: REWRITTEN })) : value
})

const key = fc.constantFrom('"a"', '"b.c"', '"\\u0061"', '""').map(literal)

const { anyValue } = fc.letrec<{ anyValue: Piece; keyValue: Piece }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: stringValue },
    object(scalar),
    object(member('arrayValue', 'array_value', object(member('values', 'values', array(tie('anyValue')))))),
    object(member('kvlistValue', 'kvlist_value', object(member('values', 'values', array(tie('keyValue')))))),
  ),
  keyValue: object(member('key', 'key', key), member('value', 'value', tie('anyValue'))),
}))

/** A value that a rule takes whole: what is under the name of the secret. */
const secret: fc.Arbitrary<Piece> = anyValue
  .filter(({ raw }) => !/^\{\s*"(?:string|bytes)_?[vV]alue"\s*:\s*""\s*\}$/.test(raw) && !raw.includes('""'))
  .chain(({ raw }) => {
    const whole = { raw, pattern: REWRITTEN }
    const value = member('value', 'value', fc.constant(whole))
    return object(member('key', 'key', fc.constant(literal(`"${SECRET_KEY}"`))), value)
  })

const keyValue = fc.oneof(
  { weight: 5, arbitrary: object(member('key', 'key', key), member('value', 'value', anyValue)) },
  { weight: 1, arbitrary: secret },
)

const ADDED = `\\{"key":"fieldseal\\.sealed","value":\\{"arrayValue":\\{"values":\\[\\{"stringValue":${STRING}\\}(?:,\\{"stringValue":${STRING}\\})*\\]\\}\\}\\}`

/** Attributes, at whose end the list of sealed parts may have been added. */
const attributes: fc.Arbitrary<Piece> = array(keyValue).map(({ raw, pattern }) => {
  const inside = pattern.slice(2, -2)
  const trimmed = inside.replace(/[ \t]*$/, '')
  return { raw, pattern: `\\[${trimmed}(?:,?${ADDED})?${inside.slice(trimmed.length)}\\]` }
})

const record = object(
  member('attributes', 'attributes', attributes),
  member('body', 'body', anyValue),
  member('timeUnixNano', 'time_unix_nano', fc.constant(literal('"1790000000000000000"'))),
)

const resource = object(member('attributes', 'attributes', attributes))

const scope = object(
  member('name', 'name', fc.constant(literal('"lib"'))),
  member('attributes', 'attributes', attributes),
)

const scopeLogs = object(member('scope', 'scope', scope), member('logRecords', 'log_records', array(record)))

const resourceLogs = object(
  member('resource', 'resource', resource),
  member('scopeLogs', 'scope_logs', array(scopeLogs)),
)

export const otlpJsonRequest: fc.Arbitrary<Piece> = fc
  .tuple(space, object(member('resourceLogs', 'resource_logs', array(resourceLogs))), space)
  .map((pieces) => joined(...pieces))
