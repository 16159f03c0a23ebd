import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Detector, Gate, Span } from '../../detectors/detector.ts'
import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet, isAnchored, PatternError } from '../../detectors/set.ts'

function detector(name: string, patterns: readonly string[], change: Partial<Detector> = {}): Detector {
  return {
    name,
    title: name,
    group: 'identity',
    activation: 'always',
    finds: '',
    misses: '',
    patterns,
    lowEntropy: false,
    examples: [],
    confirm: (_text, candidate) => candidate,
    normalise: (match) => match,
    ...change,
  }
}

/** What is found, as text. */
function found(set: DetectorSet, text: string, key = '', wanted: (detector: number) => boolean = () => true): string[] {
  const value = Buffer.from(text)
  return set.find(value, wanted, key).map(({ detector: index, start, end }) => {
    return `${set.detectors[index]!.name}: ${value.toString('utf8', start, end)}`
  })
}

describe('the prefilter', () => {
  const catalogue = new DetectorSet(DETECTORS)
  const examples = DETECTORS.flatMap((one) => one.examples)
  const value = fc.oneof(
    fc.constantFrom(...examples),
    fc.tuple(fc.string(), fc.constantFrom(...examples), fc.string()).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '\n', 'a', '4111', '@', '.', '-'),
  )

  test('says yes to values that are joined wherever one of them alone holds something', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const someAlone = values.some((one) => catalogue.find(Buffer.from(one), () => true, '').length > 0)
        if (someAlone) expect(catalogue.test(Buffer.from(values.join('\n')))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('does the same with patterns that anybody may write', () => {
    const patterns = [
      '\\bfoo\\b',
      'b.*r',
      '[^x]z',
      '\\Bo\\B',
      '(?i)foo',
      'f(o|\\d)+',
      '\\W\\d',
      '(?s)a.b',
      '\\bé',
      'o{2,}',
    ]
    const set = new DetectorSet(patterns.map((pattern, index) => detector(`d${index}`, [pattern])))
    const words = fc.array(fc.constantFrom('foo', 'bar', 'FOO', 'xz', 'az', '-1', 'a\nb', 'é', 'oooo', '_', ' '), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(
        fc.array(
          words.map((parts) => parts.join('')),
          { minLength: 1, maxLength: 6 },
        ),
        (values) => {
          const someAlone = values.some((one) => set.find(Buffer.from(one), () => true, '').length > 0)
          if (someAlone) expect(set.test(Buffer.from(values.join('\n')))).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('leaves anchored patterns to the values one by one', () => {
    const set = new DetectorSet([detector('whole', ['^secret$']), detector('part', ['token'])])
    expect(set.anchored).toEqual([true, false])
    const joined = Buffer.from('a\nsecret\nb')
    expect(set.test(joined)).toBe(false)
    expect(set.testAnchored(joined)).toBe(false)
    expect(set.testAnchored(Buffer.from('secret'))).toBe(true)
    expect(found(set, 'secret')).toEqual(['whole: secret'])
    expect(found(set, 'secret token')).toEqual(['part: token'])
    expect(set.testAnchored(Buffer.from('token'))).toBe(false)
  })

  test('of no detectors says no', () => {
    const set = new DetectorSet([])
    expect([set.test(Buffer.from('x')), set.testAnchored(Buffer.from('x')), found(set, 'x')]).toEqual([
      false,
      false,
      [],
    ])
  })

  test('says the same where the automaton has no memory', () => {
    const patterns = ['[ab]*a[ab]{20}c', 'x{1,50}y{1,50}z', '(foo|bar|baz){3,9}']
    const roomy = new DetectorSet(patterns.map((pattern, index) => detector(`d${index}`, [pattern])))
    const cramped = new DetectorSet(
      patterns.map((pattern, index) => detector(`d${index}`, [pattern])),
      { maxMemoryBytes: 1 },
    )
    const word = fc.constantFrom('a', 'b', 'c', 'xy', 'z', 'foo', 'bar', 'baz', '\n', 'ab'.repeat(12))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const bytes = Buffer.from(words.join(''))
        expect(cramped.test(bytes)).toBe(roomy.test(bytes))
        expect(cramped.find(bytes, () => true, '')).toEqual(roomy.find(bytes, () => true, ''))
      }),
    )
  })
})

describe('anchors', () => {
  test.each([
    ['^a', true],
    ['a$', true],
    ['\\Aa', true],
    ['a\\z', true],
    ['(?m)^a', true],
    ['a|^b', true],
    ['(?:a$|b)', true],
    ['[a]^', true],
    ['[^a]$', true],
    ['[]a]^', true],
    ['[^]a]$', true],
    ['\\[^a]', true],
    ['[\\]a]$', true],
    ['[[:alpha:]]$', true],
    ['\\Qa.b\\E', true],
    ['\\\\A^', true],
    ['', false],
    ['a', false],
    ['\\^a\\$', false],
    ['[^a]', false],
    ['[$]', false],
    ['[a^$]', false],
    ['[]^]', false],
    ['[^]^$]', false],
    ['[\\]^]', false],
    ['\\\\A', false],
    ['[\\Az]', false],
    ['\\bA\\B', false],
    ['Az', false],
    ['\\x{5e}', false],
    ['[[:alpha:]]', false],
  ])('%s: %s', (source, anchored) => {
    expect(isAnchored(source)).toBe(anchored)
  })

  test('are never overlooked: a pattern that is said to have none means the same among other values', () => {
    const piece = fc.constantFrom(
      '^',
      '$',
      '\\A',
      '\\z',
      'a',
      'b',
      '[',
      ']',
      '[^',
      '\\',
      '\\]',
      '|',
      '(',
      ')',
      '-',
      '.',
      '[:alpha:]',
      '\\b',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 7 }),
        fc.array(fc.constantFrom('a', 'b', '^', '$', ']', '[', ' '), { maxLength: 4 }),
        (pieces, characters) => {
          const source = pieces.join('')
          fc.pre(!isAnchored(source))
          let set: DetectorSet
          try {
            set = new DetectorSet([detector('own', [source])])
          } catch (error) {
            expect(error).toBeInstanceOf(PatternError)
            return
          }
          const text = characters.join('')
          if (found(set, text).length > 0) expect(set.test(Buffer.from(`x\n${text}\nx`))).toBe(true)
        },
      ),
      { numRuns: 5000 },
    )
  })
})

describe('a pattern that cannot be used', () => {
  const sound = detector('sound', ['a', 'b'])

  test.each([
    ['(', 'RE2 refuses the pattern'],
    ['(?=a)', 'RE2 refuses the pattern'],
    ['(a)\\1', 'RE2 refuses the pattern'],
    ['a{1001}', 'RE2 refuses the pattern'],
    ['a*', 'the pattern matches the empty string'],
    ['', 'the pattern matches the empty string'],
    ['^', 'the pattern matches the empty string'],
    ['a|', 'the pattern matches the empty string'],
  ])('%j is refused with its place', (source, message) => {
    const bad = detector('bad', ['x', 'y', source])
    expect(() => new DetectorSet([sound, bad])).toThrow(
      expect.objectContaining({ name: 'PatternError', detector: 1, pattern: 2, message }),
    )
  })

  test('does not end the search where it matches nothing in the middle of a text', () => {
    const set = new DetectorSet([detector('own', ['\\b(?:secret)?'])])
    expect(found(set, 'the secret and the secret')).toEqual(['own: secret', 'own: secret'])
    expect(found(set, 'nothing at all')).toEqual([])
    expect(found(set, 'é secret')).toEqual(['own: secret'])
  })
})

describe('a match', () => {
  test('is looked for by wanted detectors alone', () => {
    const set = new DetectorSet([detector('a', ['x']), detector('b', ['x'])])
    expect(found(set, 'x', '', (index) => index === 1)).toEqual(['b: x'])
    expect(found(set, 'x', '', () => false)).toEqual([])
  })

  test('has its place in bytes', () => {
    const set = new DetectorSet([detector('a', ['sécret'])])
    expect(set.find(Buffer.from('日本 sécret 😀'), () => true, '')).toEqual([{ detector: 0, start: 7, end: 14 }])
  })

  test('is confirmed by its detector, which sees a character for each byte', () => {
    const calls: { readonly text: string; readonly candidate: Span }[] = []
    const set = new DetectorSet([
      detector('a', ['é+'], {
        confirm(text, candidate) {
          calls.push({ text, candidate })
          return { start: candidate.start + 2, end: candidate.end }
        },
      }),
    ])
    expect(set.find(Buffer.from('x éé'), () => true, '')).toEqual([{ detector: 0, start: 4, end: 6 }])
    expect(calls[0]).toEqual({ text: 'x Ã©Ã©', candidate: { start: 2, end: 6 } })
  })

  test('that is rejected is tried again with each shorter end, and then from the next token in it', () => {
    const tried: string[] = []
    const set = new DetectorSet([
      detector('number', ['[0-9 ]+'], {
        confirm(text, { start, end }) {
          tried.push(text.slice(start, end))
          return text.slice(start, end) === '44 55' ? { start, end } : undefined
        },
      }),
    ])
    expect(found(set, '11 44 55 66')).toEqual(['number: 44 55'])
    expect(tried).toEqual(['11 44 55 66', '11 44 55', '11 44', '11', '44 55 66', '44 55', ' 66', '66'])
  })

  test('counts as it is where there is no budget left to look into it', () => {
    let calls = 0
    const set = new DetectorSet([
      detector('never', ['[0-9 ]+'], {
        confirm() {
          calls += 1
          return undefined
        },
      }),
    ])
    expect(found(set, '1 2 3 4 5')).toEqual([])
    const long = '1 '.repeat(5000)
    const [first, ...others] = set.find(Buffer.from(long), () => true, '')
    // Nothing of what was not looked into is left out.
    expect(first).toBeDefined()
    expect([first!, ...others].at(-1)!.end).toBe(long.length)
    expect(calls).toBeLessThan(20_000)
  })

  test('is confirmed at most within what was proposed, and never as nothing', () => {
    const set = new DetectorSet([detector('empty', ['a+'], { confirm: (_text, { start }) => ({ start, end: start }) })])
    expect(found(set, 'aaa aaa')).toEqual([])
  })

  test('of one detector lies apart from the others, in order, by whichever pattern', () => {
    const catalogue = new DetectorSet(DETECTORS)
    const parts = fc.array(
      fc.oneof(fc.constantFrom(...DETECTORS.flatMap(({ examples }) => examples)), fc.string({ maxLength: 3 })),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(parts, (texts) => {
        const value = Buffer.from(texts.join(''))
        fc.pre(isUtf8(value))
        const ends = new Map<number, number>()
        for (const { detector: index, start, end } of catalogue.find(value, () => true, '')) {
          expect(end).toBeGreaterThan(start)
          // A detector with several patterns finds a place by each of them.
          if (DETECTORS[index]!.patterns.length === 1) expect(start).toBeGreaterThanOrEqual(ends.get(index) ?? 0)
          ends.set(index, end)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('that touches another one is found when that is gone', () => {
    const free: Detector['confirm'] = (text, { start, end }) =>
      /[a-z0-9]$/.test(text.slice(0, start)) ? undefined : { start, end }
    const set = new DetectorSet([
      detector('number', ['[0-9]{3}'], { confirm: free }),
      detector('word', ['[a-z]{3}'], { confirm: free }),
    ])
    expect(found(set, 'abc123def')).toEqual(['number: 123', 'word: abc', 'word: def'])
    expect(found(set, 'xabc')).toEqual(['word: xab'])
    expect(found(set, '-')).toEqual([])
  })
})

test('a span takes in whole characters, whatever a detector makes of their bytes', () => {
  const cutting = new DetectorSet([
    detector('cut', ['x.+'], { confirm: (_text, { start, end }) => ({ start: start + 2, end: end - 1 }) }),
  ])
  expect(found(cutting, 'xéaé')).toEqual(['cut: éaé'])
})

describe('a gate', () => {
  const gate: Gate = { words: ['ssn', 'social security', 'n.i.'], within: 10, keys: ['^insurance'] }
  const set = new DetectorSet([detector('gated', ['[0-9]{9}'], { gate })])

  test.each([
    ['ssn 123456789', true],
    ['SSN: 123456789', true],
    ['123456789 (ssn)', true],
    ['social security 123456789', true],
    ['n.i. 123456789', true],
    ['naive 123456789', false],
    ['nxix 123456789', false],
    ['123456789', false],
    ['ssns 123456789', false],
    ['xssn 123456789', false],
    ['ssn4 123456789', false],
    // What follows it directly is the candidate, and no part of the word.
    ['ssn123456789', true],
    ['123456789ssn', true],
    // Ten characters between them, and no more.
    [`ssn${'-'.repeat(10)}123456789`, true],
    [`ssn${'-'.repeat(11)}123456789`, false],
    [`123456789${'-'.repeat(10)}ssn`, true],
    [`123456789${'-'.repeat(11)}ssn`, false],
    [`social security${'-'.repeat(10)}123456789`, true],
    [`social security${'-'.repeat(11)}123456789`, false],
    [`xssn${'-'.repeat(10)}123456789`, false],
    [`123456789${'-'.repeat(10)}ssnx`, false],
    [`${'x'.repeat(30)} ssn${'-'.repeat(10)}123456789`, true],
    [`ssn\n\n123456789`, true],
    ['ssn_123456789', true],
  ])('%j: %s', (text, opens) => {
    expect(found(set, text).length > 0).toBe(opens)
  })

  test.each([
    ['ssn', true],
    ['SSN', true],
    ['userSSN', true],
    ['user.ssn_number', true],
    ['mySocialSecurityNumber', true],
    ['insuranceNumber', true],
    ['my_insurance', false],
    ['ssn2', false],
    ['lessn', false],
    ['', false],
  ])('opens by the key %j: %s', (key, opens) => {
    expect(found(set, '123456789', key).length > 0).toBe(opens)
  })

  test('does not take a word that letters join to the candidate', () => {
    const lettered = new DetectorSet([detector('lettered', ['[A-Z]{2}[0-9]{6}[A-Z]'], { gate: { words: ['nino'] } })])
    expect(found(lettered, 'nino AB123456C')).toEqual(['lettered: AB123456C'])
    expect(found(lettered, 'ninoAB123456C')).toEqual([])
  })

  test('finds words of other scripts', () => {
    const foreign = new DetectorSet([
      detector('foreign', ['[0-9]{9}'], { gate: { words: ['identité', 'naïve code'] } }),
    ])
    expect(found(foreign, "carte d'identité 123456789")).toEqual(['foreign: 123456789'])
    expect(found(foreign, 'naïve-code: 123456789')).toEqual(['foreign: 123456789'])
    expect(found(foreign, 'nave code: 123456789')).toEqual([])
    expect(found(foreign, 'IDENTITÉ 123456789')).toEqual(['foreign: 123456789'])
    expect(found(foreign, '123456789', 'numéroIdentité')).toEqual(['foreign: 123456789'])
  })

  test('wakes in a joined buffer wherever it would open', () => {
    expect(set.test(Buffer.from('7\nSocial-Security 123456789\n8'))).toBe(true)
    expect(set.test(Buffer.from('7\n123456789ssn\n8'))).toBe(true)
    expect(set.test(Buffer.from('7\nclassn 123456789\n8'))).toBe(false)
  })

  test('opens for each match by itself', () => {
    expect(found(set, `ssn 123456789${' '.repeat(40)}987654321`)).toEqual(['gated: 123456789'])
  })
})
