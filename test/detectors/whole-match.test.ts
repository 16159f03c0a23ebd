import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeMatch } from '../../detectors/whole-match.ts'

const SHAPES = [
  'AB[0-9]{2}',
  '(?i:HR[AB])(?:[ -]?Nr[.:]{0,2})? ?[0-9]{1,3}(?: ?[A-Z])?',
  '[0-3][0-9](?i:[A-Z]{3}[ABCFGHJKLPT][1-9A-Z]Z[0-9A-Z])x',
  '(?i:[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9][0-9]{0,3} ?[EH]?)',
  '(?i:A(?:b|[^c])\\d[\\d.e]{2})F',
]

test('an expression without modifiers matches what the one with them matches', () => {
  for (const shape of SHAPES) {
    const other = new RegExp(`^(?:${shape})$`, 'u')
    const own = wholeMatch([shape], 'u')
    expect(own.source).not.toContain('(?i')
    const alike = fc
      .stringMatching(own)
      .chain((text) =>
        fc.tuple(
          ...[...text].map((letter) => fc.constantFrom(letter, letter.toLowerCase(), letter.toUpperCase(), 'x')),
        ),
      )
    fc.assert(
      fc.property(alike, (letters) => {
        const text = letters.join('')
        expect([text, own.test(text)]).toEqual([text, other.test(text)])
      }),
    )
  }
})

test('several shapes are alternatives, each from end to end', () => {
  const either = wholeMatch(['(?i:a)', 'bc'])
  expect(['a', 'A', 'bc', 'BC', 'ab', 'abc'].map((text) => either.test(text))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
