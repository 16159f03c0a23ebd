import { describe, expect, test } from 'vitest'
import { HEALTH } from '../../../detectors/health/index.ts'
import { medicalInformation } from '../../../detectors/health/medical-terms.ts'
import { usMbi, usMbiCompact } from '../../../detectors/health/united-states.ts'
import { readCorpus } from '../corpus.ts'
import { foundIn, opens } from '../opened.ts'

describe('medical information', () => {
  test.each([
    'icd10',
    'icd_10_code',
    'diagnosis',
    'patient.diagnosisCode',
    'medication',
    'drug_name',
    'ndc_code',
    'allergies',
    'blood_type',
    'medicalRecordNumber',
    'mrn',
    'medical_history',
    'hiv_result',
  ])('is known by the key %s', (key) => {
    expect(opens(medicalInformation, key)).toBe(true)
  })

  test.each([
    'diagnostic_level',
    'test_id',
    'result',
    'condition',
    'status',
    'health',
    'health_check',
    'drug',
    'symptom_count',
  ])('is not known by the key %s', (key) => {
    expect(opens(medicalInformation, key)).toBe(false)
  })
})

describe.each(HEALTH.filter(({ activation }) => activation === 'gated').map((one) => [one.name, one] as const))(
  '%s',
  (name, detector) => {
    const numbers = readCorpus(name).flatMap(({ text, expected }) => (expected[0] === text ? [text] : []))

    test.each(detector.examples)('is opened by the word in %j', (example) => {
      expect(foundIn(detector, example)).toHaveLength(1)
    })

    test('finds all of its numbers under a key that is one of its words, and none without', () => {
      expect(numbers.length).toBeGreaterThan(0)
      const key = `patient.${detector.gate!.words.at(-1)!.replaceAll(' ', '_')}`
      for (const number of numbers) {
        expect([number, foundIn(detector, number, key).length]).toEqual([number, 1])
        expect(foundIn(detector, `order ${number} took 12 ms`)).toEqual([])
      }
    })
  },
)

test('a beneficiary identifier needs no word where it has its hyphens', () => {
  expect(foundIn(usMbi, 'claim of 1EG4-TE5-MK73 paid')).toEqual(['1EG4-TE5-MK73'])
  expect(foundIn(usMbi, 'claim of 1EG4TE5MK73 paid')).toEqual([])
  expect(foundIn(usMbiCompact, 'Medicare claim of 1EG4TE5MK73 paid')).toEqual(['1EG4TE5MK73'])
  expect(usMbi.normalise('1EG4-TE5-MK73')).toBe(usMbiCompact.normalise('1eg4te5mk73'))
})

test('three letters in a hash are no word', () => {
  const dea = HEALTH.find(({ name }) => name === 'us_dea')!
  expect(foundIn(dea, '9dea3 BB1388568')).toEqual([])
  expect(foundIn(dea, 'DEA: BB1388568')).toEqual(['BB1388568'])
  expect(foundIn(dea, 'BB1388568', 'prescriber.dea')).toEqual(['BB1388568'])
})
