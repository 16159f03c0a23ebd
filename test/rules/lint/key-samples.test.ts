import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, test } from 'vitest'
import { keySamples } from '../../../rules/lint/key-samples.ts'

describe('the names that a pattern spells out', () => {
  test.each([
    ['^message$', ['message']],
    ['(?i)^(cvv2?|cvc2?)$', ['cvv', 'cvv2', 'cvc', 'cvc2']],
    ['^(?:user_?name|login)$', ['user_name', 'username', 'login']],
    ['^a$|^b$', ['a', 'b']],
    ['^[ab]\\.c$', ['a.c', 'b.c']],
    ['^x{3}$', ['xxx']],
    ['\\Aa\\z', ['a']],
    ['^(?<kind>pin)$', ['pin']],
  ])('%s: these and no others', (source, texts) => {
    const samples = keySamples(source)
    expect([...samples.texts].sort()).toEqual([...texts].sort())
    expect(samples.complete).toBe(true)
  })

  test.each([
    ['pin', ['pin']],
    ['^pin', ['pin']],
    ['^(pin|.*code)$', ['pin', 'code', 'xcode']],
    ['^user[0-9]+$', ['user0']],
    ['^(^|_)pin$', ['pin', '_pin']],
    ['^[^a]b$', ['xb']],
    ['^a\\d?$', ['a', 'a0']],
    ['^a{2,3}$', ['aa']],
    ['^p*$', ['', 'p']],
    ['(?i)', ['']],
  ])('%s: among others these', (source, texts) => {
    const samples = keySamples(source)
    expect(samples.texts).toEqual(expect.arrayContaining(texts))
    expect(samples.complete).toBe(false)
  })

  test('no more than can be looked at are made', () => {
    const { texts, complete } = keySamples(`^${'(a|b)'.repeat(20)}$`)
    expect(texts.length).toBeLessThanOrEqual(64)
    expect(complete).toBe(false)
  })

  test('a pattern that is said to match only these matches them, and nothing else that it was tried on', () => {
    const atom = fc.constantFrom('a', 'b', '(a|b)', 'a?', '[ab]', '(?:ab)?', '\\.', '(a|b?)', '^', '$', 'a{2}')
    const source = fc.array(atom, { maxLength: 4 }).map((atoms) => `^${atoms.join('')}$`)
    const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 6 }).map((letters) => letters.join(''))
    fc.assert(
      fc.property(source, text, (pattern, given) => {
        const { texts, complete } = keySamples(pattern)
        const re = new RE2(pattern, 'u')
        if (!complete) return
        expect(texts.every((sample) => re.test(sample))).toBe(true)
        expect(re.test(given)).toBe(texts.includes(given))
      }),
      { numRuns: 3000 },
    )
  })
})
