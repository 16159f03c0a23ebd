import { describe, expect, test } from 'vitest'
import type { Detector } from '../../detectors/detector.ts'
import { DetectorSet, PatternError } from '../../detectors/set.ts'

function setOf(...patterns: string[]): DetectorSet {
  const detector: Detector = {
    name: 'own',
    title: 'own',
    group: 'identity',
    activation: 'always',
    finds: '',
    misses: '',
    patterns,
    lowEntropy: false,
    examples: [],
    confirm: (_text, candidate) => candidate,
    normalise: (match) => match,
  }
  return new DetectorSet([detector])
}

function found(pattern: string, text: string): string[] {
  const value = Buffer.from(text)
  return setOf(pattern)
    .find(value, () => true, '')
    .map(({ start, end }) => value.toString('utf8', start, end))
}

describe('a pattern that matches nothing in some places', () => {
  test.each([
    ['\\b[0-9]*', 'abc 123 é 45', ['123', '45']],
    ['[0-9]*\\b', 'abc 123 é 45', ['123', '45']],
    ['\\b', 'abc é', []],
    ['\\b(?:é+|x)?', 'é éé x', ['x']],
  ])('%s is tried in all others', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected)
  })

  test('is refused where that place is an empty text', () => {
    expect(() => setOf('[0-9]*')).toThrow(PatternError)
  })
})

test('a pattern that matches single bytes of a character is refused', () => {
  expect(() => setOf('a\\C')).toThrow(PatternError)
  expect(() => setOf('\\C+x')).toThrow(PatternError)
  expect(() => setOf('\\\\\\Cx')).toThrow(PatternError)
  expect(found('\\\\C', 'a \\C b')).toEqual(['\\C'])
})

describe('several patterns of one detector', () => {
  const spans = (...patterns: string[]) =>
    setOf(...patterns)
      .find(Buffer.from('id 111222333 of 4445'), () => true, '')
      .map(({ start, end }) => [start, end])

  test('that find the same make one finding', () => {
    expect(spans('[0-9]{9}', '[0-9]{3}[.]?[0-9]{6}')).toEqual([[3, 12]])
  })

  test('make one of what lies within the other, in whatever order they are, and leave out nothing else', () => {
    const expected = [
      [3, 12],
      [16, 20],
    ]
    expect(spans('222', '[0-9]{9}', '44+5', '111')).toEqual(expected)
    expect(spans('[0-9]{9}', '4445', '333')).toEqual(expected)
  })

  test('make two of what only overlaps: none of it may stay', () => {
    expect(spans('111222', '222333')).toEqual([
      [3, 9],
      [6, 12],
    ])
  })
})
