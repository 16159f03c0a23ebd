import RE2 from 're2'
import { describe, expect, test } from 'vitest'
import { refusedConstructs } from '../../../rules/lint/refused-constructs.ts'

const REFUSED: readonly (readonly [source: string, name: string, character: number])[] = [
  ['a(?=b)', 'a look-ahead', 2],
  ['a(?!b)', 'a look-ahead', 2],
  ['(?<=a)b', 'a look-behind', 1],
  ['x(?<!a)b', 'a look-behind', 2],
  ['(a)\\1', 'a back-reference', 4],
  ['(?<n>a)\\k<n>', 'a back-reference', 8],
  ['(?P<n>a)(?P=n)', 'a back-reference', 9],
  ['(a)\\g{1}', 'a back-reference', 4],
  ['[0-9]++', 'a possessive repetition', 6],
  ['a*+', 'a possessive repetition', 2],
  ['a?+', 'a possessive repetition', 2],
  ['a{2,3}+', 'a possessive repetition', 2],
  ['(?>a|b)', 'an atomic group', 1],
  ['(a)?(?(1)b|c)', 'a condition', 5],
  ['(?|a|b)', 'a branch reset', 1],
  ['a(?R)?', 'a recursion', 2],
  ['(a)(?1)', 'a recursion', 4],
  ['(?#why)a', 'a comment', 1],
  ['(*SKIP)a', 'a control verb', 1],
  ['(?x)a b', 'a flag that RE2 does not know', 1],
  ['(?-u:a)', 'a flag that RE2 does not know', 1],
  ['(?^a)', 'a flag that RE2 does not know', 1],
  ['a**', 'a repetition of a repetition', 2],
  ['a{2}*', 'a repetition of a repetition', 2],
  ['\\Ga', 'an anchor at the end of the last match', 1],
  ['a\\Z', 'an anchor before a last line break (RE2 has \\z)', 2],
  ['a\\Kb', 'a reset of the start of the match', 2],
  ['\\h+', 'an escape that RE2 does not know', 1],
  ['a{1001}', 'a repetition of more than 1000 times', 2],
  ['a{1,2000}', 'a repetition of more than 1000 times', 2],
  ['[a-z', 'a "[" that nothing closes', 1],
  ['x(a', 'a "(" that nothing closes', 2],
  ['a)b', 'a ")" that nothing opens', 2],
  ['[)(?=](?=b)', 'a look-ahead', 7],
  ['\\((?=b)', 'a look-ahead', 3],
]

describe('what RE2 refuses is named, and where it stands', () => {
  test.each(REFUSED)('%s', (source, name, character) => {
    expect(() => new RE2(source, 'u')).toThrow()
    const [first] = refusedConstructs(source)
    expect(first).toMatchObject({ name, character })
    expect(source.slice(character - 1)).toContain(first!.text)
  })

  test('all of them are, from left to right', () => {
    expect(refusedConstructs('(?<!x)(a)\\1(?=b)').map(({ name, text }) => [name, text])).toEqual([
      ['a look-behind', '(?<!'],
      ['a back-reference', '\\1'],
      ['a look-ahead', '(?='],
    ])
  })

  test.each([
    '(?i)^(user_?name|login)$',
    '(?:a|b)+?',
    '(?P<n>a)(?<m>b)',
    '[(?=)]',
    '[]a(]',
    '[^]a(]',
    '[[:alpha:](]',
    '\\(\\?=',
    '\\\\(1)',
    '\\Q(?=\\E',
    '\\p{L}\\pN',
    'a{3,8}?',
    '\\x{1F600}\\u{41}\\b\\B\\A\\z',
    '(?is-m:a)',
    'a{,3}',
    '\\d\\D\\w\\W\\s\\S\\v\\n\\t',
  ])('in %s there is nothing to name', (source) => {
    expect(() => new RE2(source, 'u')).not.toThrow()
    expect(refusedConstructs(source)).toEqual([])
  })
})
