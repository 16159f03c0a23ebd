import { describe, expect, test } from 'vitest'
import type { Detector } from '../../../detectors/detector.ts'
import { EUROPE } from '../../../detectors/national-id/europe.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { readCorpus } from '../corpus.ts'

function isFound(detector: Detector, text: string, key = ''): boolean {
  return new DetectorSet([detector]).find(Buffer.from(text), () => true, key).length > 0
}

const GATED = EUROPE.filter(({ activation }) => activation === 'gated').map((one) => [one.name, one] as const)

/** Matches of its corpus that stand alone. */
function numbersOf(name: string): string[] {
  return readCorpus(name).flatMap(({ text, expected }) => (expected[0] === text ? [text] : []))
}

describe.each(GATED)('%s', (name, detector) => {
  test.each(detector.examples)('is opened by the words of its example %j', (example) => {
    expect(isFound(detector, example)).toBe(true)
  })

  test('finds none of its numbers where no word and no key names them', () => {
    for (const number of numbersOf(name)) {
      expect(isFound(detector, number)).toBe(false)
      expect(isFound(detector, `GET /orders/${number} 200 took 12 ms`, 'http.url')).toBe(false)
    }
  })

  test('finds all of its numbers under a key that is one of its words', () => {
    const key = `user.${detector.gate!.words[0]!.replaceAll(/[ .']+/g, '_')}`
    for (const number of numbersOf(name)) expect(isFound(detector, number, key)).toBe(true)
  })
})

describe.each(
  EUROPE.flatMap((one) => {
    const labelled = EUROPE.find(({ name }) => name === `${one.name}_labelled`)
    return labelled === undefined ? [] : [[labelled.name, one, labelled] as const]
  }),
)('%s', (_, plain, labelled) => {
  test('finds beside a word whatever the detector without a word finds', () => {
    const word = labelled.gate!.words[0]!
    for (const number of numbersOf(plain.name)) expect(isFound(labelled, `${word} ${number}`)).toBe(true)
  })
})

test('a key of the French identity card opens where the same word in a text does not', () => {
  const card = EUROPE.find(({ name }) => name === 'fr_cni')!
  expect(isFound(card, '880692310285', 'customer.cni')).toBe(true)
  expect(isFound(card, 'cni plugin 880692310285', 'message')).toBe(false)
})
