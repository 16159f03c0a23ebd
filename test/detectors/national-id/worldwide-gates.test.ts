import { describe, expect, test } from 'vitest'
import type { Detector } from '../../../detectors/detector.ts'
import { AFRICA_ASIA_PACIFIC } from '../../../detectors/national-id/africa-asia-pacific.ts'
import { AMERICAS } from '../../../detectors/national-id/americas.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { readCorpus } from '../corpus.ts'

const WORLDWIDE = [...AMERICAS, ...AFRICA_ASIA_PACIFIC]

function named(name: string): Detector {
  return WORLDWIDE.find((one) => one.name === name)!
}

function isFound(detector: Detector, text: string, key = ''): boolean {
  return new DetectorSet([detector]).find(Buffer.from(text), () => true, key).length > 0
}

function numbersOf(name: string): string[] {
  return readCorpus(name).flatMap(({ expected }) => expected)
}

/** A key that ends as the first key pattern wants it, or has the first word. */
function keyOf({ gate }: Detector): string {
  const label = gate!.keys?.[0]?.match(/\(\?:([a-z ]+)/g)?.[0]?.slice(3)
  return `user.${(label ?? gate!.words[0]!).replaceAll(/[ .']+/g, '_')}`
}

describe.each(WORLDWIDE.filter(({ activation }) => activation === 'gated').map((one) => [one.name, one] as const))(
  '%s',
  (name, detector) => {
    test.each(detector.examples)('is opened by the words of its example %j', (example) => {
      expect(isFound(detector, example)).toBe(true)
    })

    test('finds none of its numbers where no word and no key names them', () => {
      for (const number of numbersOf(name)) {
        expect(isFound(detector, number)).toBe(false)
        expect(isFound(detector, `GET /orders/${number} 200 took 12 ms`, 'http.url')).toBe(false)
      }
    })

    test('finds all of its numbers under a key that names them', () => {
      for (const number of numbersOf(name))
        expect({ number, found: isFound(detector, number, keyOf(detector)) }).toEqual({ number, found: true })
    })
  },
)

describe.each(
  WORLDWIDE.flatMap((one) => {
    const labelled = named(`${one.name}_labelled`)
    return labelled === undefined || one.name === 'hk_hkid' ? [] : [[labelled.name, one, labelled] as const]
  }),
)('%s', (_, plain, labelled) => {
  test('finds beside a word whatever the detector without a word finds', () => {
    const word = labelled.gate!.words[0]!
    for (const number of numbersOf(plain.name)) expect(isFound(labelled, `${word} ${number}`)).toBe(true)
  })
})

describe('short names that are everyday words count as labels alone', () => {
  test.each([
    ['ca_sin_labelled', 'sin', '130692544'],
    ['us_ein', 'ein', '123456789'],
    ['ng_nin', 'nin', '98765432102'],
    ['lk_nic', 'nic', '199422801632'],
    ['cl_rut_labelled', 'run', '125319092'],
    ['ar_dni', 'dni', '20123456'],
    ['my_nric', 'ic', '770305021234'],
  ])('%s', (name, word, number) => {
    const detector = named(name)
    for (const label of [
      `${word}: `,
      `${word.toUpperCase()}: `,
      `${word}=`,
      `${word} = `,
      `{"${word}":"`,
      `${word} no. `,
      `${word} number `,
    ])
      expect({ label, found: isFound(detector, label + number) }).toEqual({ label, found: true })
    for (const key of [word, `user.${word}`, `${word}_number`, `customer${word[0]!.toUpperCase()}${word.slice(1)}`])
      expect({ key, found: isFound(detector, number, key) }).toEqual({ key, found: true })
    expect(isFound(detector, `${word} resultados ${number}`)).toBe(false)
    expect(isFound(detector, `the ${word} had ${number} of them`)).toBe(false)
    expect(isFound(detector, number, `${word}.bytes`)).toBe(false)
  })
})
