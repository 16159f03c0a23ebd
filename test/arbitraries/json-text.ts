import fc from 'fast-check'
import { type Found, found, joined, literal, type Piece, SECRET_KEY } from './expected-bytes.ts'

/** JSON as nobody's encoder writes it: white space, escapes, spellings of numbers, keys that occur twice. */

export const space = fc.constantFrom('', '', ' ', '  ', '\t').map(literal)

/** The inside of a string in which no rule finds anything. */
const plain = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '界',
      '😀',
      '\\u00e9',
      '\\ud83d\\ude00',
      '\\/',
      '\\n',
      '\\\\',
      '\\"',
      '\\u0041',
      ' ',
      '[sealed:mail:AAAAAAAA/0]',
    ),
    { maxLength: 4 },
  )
  .map((pieces) => literal(pieces.join('')))

/** A finding, some of its characters escaped. */
const escaped: fc.Arbitrary<{ piece: Piece; found: Found }> = fc
  .tuple(found, fc.boolean())
  .map(([finding, escapes]) => {
    const raw = escapes ? finding.text.replace('@', '\\u0040').replace('1', '\\u0031') : finding.text
    return { piece: { raw, pattern: finding.becomes }, found: finding }
  })

export const JWE = '"\\{\\\\"protected\\\\":(?:[^"\\\\]|\\\\.)*\\}"'

export const STRING = '"(?:[^"\\\\]|\\\\.)*"'

export const SEALED_LIST = `"fieldseal\\.sealed":\\[${STRING}(?:,${STRING})*\\]`

export const text: fc.Arbitrary<Piece> = fc.oneof(
  plain.map((inside) => joined(literal('"'), inside, literal('"'))),
  fc
    .array(fc.tuple(plain, escaped, plain), { minLength: 1, maxLength: 2 })
    .map((parts) =>
      joined(
        literal('"'),
        ...parts.flatMap(([before, { piece }, after]) => [before, literal(' '), piece, literal(' '), after]),
        literal('"'),
      ),
    ),
  // One match from end to end is replaced whole where it is sealed.
  escaped.map(({ piece, found: { becomes, seals } }) => ({
    raw: `"${piece.raw}"`,
    pattern: seals ? JWE : `"${becomes}"`,
  })),
)

const other = fc
  .constantFrom('0', '-0', '1e3', '1.50', '12345678901234567890', '0.1E-7', 'true', 'false', 'null')
  .map(literal)

const key = fc
  .constantFrom('"a"', '"b.c"', '"\\u0061"', '"fieldseal"', '"é"', '""', '"_secret"', '"level"', '"msg"')
  .map(literal)

export function listed(items: readonly (readonly [Piece, Piece, Piece])[]): Piece {
  return joined(
    ...items.flatMap(([before, item, after], index) => [...(index > 0 ? [literal(',')] : []), before, item, after]),
  )
}

export const spaced = (item: fc.Arbitrary<Piece>) => fc.tuple(space, item, space)

const { members } = fc.letrec<{ value: Piece; member: Piece; members: Piece; array: Piece; object: Piece }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, other, tie('array'), tie('object')),
  member: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(key, space, space, tie('value')).map(([k, a, b, v]) => joined(k, a, literal(':'), b, v)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(space, tie('value')).map(([a, v]) => {
        const isNull = v.raw === 'null' || v.raw === '""'
        return joined(literal(`"${SECRET_KEY}":`), a, isNull ? v : { raw: v.raw, pattern: JWE })
      }),
    },
  ),
  members: fc.array(spaced(tie('member')), { maxLength: 3 }).map(listed),
  array: fc
    .array(spaced(tie('value')), { maxLength: 3 })
    .map((items) => joined(literal('['), listed(items), literal(']'))),
  object: tie('members').map((inside) => joined(literal('{'), inside, literal('}'))),
}))

/** A line, at whose end the list of sealed parts may have been added. */
export const line: fc.Arbitrary<Piece> = fc.tuple(members, space).map(([inside, end]) => {
  // It stands behind the last member, before the white space in front of the brace.
  const trimmed = inside.pattern.replace(/[ \t]*$/, '')
  const rest = inside.pattern.slice(trimmed.length)
  return joined(literal('{'), { raw: inside.raw, pattern: `${trimmed}(?:,${SEALED_LIST})?${rest}` }, literal('}'), end)
})

export const lines: fc.Arbitrary<Piece> = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n')), { minLength: 1, maxLength: 4 })
  .map((all) => joined(...all.flatMap(([one, end]) => [one, literal(end)])))
