import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../detectors/index.ts'
import { readCorpus } from './corpus.ts'
import { findAll } from './drive.ts'

describe.each(
  DETECTORS.filter(({ activation }) => activation !== 'key').map((detector) => [detector.name, detector] as const),
)('%s', (name, detector) => {
  const lines = readCorpus(name)

  test('has a corpus with lines to match and lines to leave alone', () => {
    expect(lines.filter(({ expected }) => expected.length > 0).length).toBeGreaterThanOrEqual(3)
    expect(lines.filter(({ expected }) => expected.length === 0).length).toBeGreaterThanOrEqual(3)
  })

  test.each(lines.map(({ text, expected }) => [text, expected] as const))(
    'finds what is marked in %j',
    (text, expected) => {
      expect(findAll(detector, text).map((match) => match.text)).toEqual(expected)
    },
  )

  // What must be all that a field holds has no neighbours.
  if (detector.gate !== undefined && detector.gate.words.length === 0) return
  test.each(lines.map(({ text, expected }) => [text, expected] as const))(
    'finds the same between neighbours: %j',
    (text, expected) => {
      const surrounded = `at 7 ${text} 8 on`
      expect(findAll(detector, surrounded).map((match) => match.text)).toEqual(expected)
    },
  )
})
