import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  passesAustralianMedicare,
  passesDea,
  passesKvnr,
  passesLanr,
  passesNhs,
  passesNpi,
} from '../../../detectors/checksum/health-numbers.ts'

/** Each check with a number that its authority or another project publishes, and where its check digit stands. */
const CHECKS: readonly [string, (digits: string) => boolean, string, number][] = [
  ['NHS (Data Dictionary)', passesNhs, '9434765919', 9],
  ['NPI (CMS)', passesNpi, '1234567893', 9],
  ['DEA', passesDea, '1388568', 6],
  ['Australian Medicare', passesAustralianMedicare, '2123456701', 8],
  ['KVNR (GKV-Spitzenverband)', passesKvnr, 'A123456780', 9],
  ['LANR', passesLanr, '123456601', 6],
]

describe.each(CHECKS)('%s', (_, passes, number, at) => {
  test(`passes ${number}`, () => {
    expect(passes(number)).toBe(true)
  })

  test('passes with no other check digit', () => {
    for (const digit of '0123456789') {
      const changed = number.slice(0, at) + digit + number.slice(at + 1)
      expect(passes(changed)).toBe(digit === number[at])
    }
  })
})

interface Vector {
  readonly validator: string
  readonly value: string
  readonly valid: boolean
}

interface PresidioCase {
  readonly recognizer: string
  readonly value: string
  readonly expected: boolean | null
}

const VECTORS = new URL('../../../../shared/vectors/', import.meta.url)
const present = existsSync(VECTORS)

function read<T>(path: string): T[] {
  return present ? JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) : []
}

describe.skipIf(!present)('vectors of others (skipped where ../shared/vectors is absent)', () => {
  const digitsOf = (value: string) => value.replace(/\D/g, '')
  const vectors = read<Vector>('checksums/dd_sds_validators.json')

  test('NHS numbers agree', () => {
    const own = vectors.filter(({ validator }) => validator === 'NhsCheckDigit')
    expect(own.length).toBeGreaterThan(10)
    for (const { value, valid } of own) expect(digitsOf(value).length === 10 && passesNhs(digitsOf(value))).toBe(valid)
  })

  test('Medicare numbers agree', () => {
    const own = vectors.filter(({ validator }) => validator === 'AustralianMedicareChecksum')
    expect(own.length).toBeGreaterThan(10)
    for (const { value, valid } of own) {
      const isLong = digitsOf(value).length >= 9 && !/[A-Z]/.test(value)
      expect([value, isLong && passesAustralianMedicare(digitsOf(value))]).toEqual([value, valid])
    }
  })

  test.each([
    ['DeHealthInsuranceRecognizer', /^[A-Z]\d{9}$/, passesKvnr],
    ['DeLanrRecognizer', /^\d{9}$/, passesLanr],
  ] as const)('%s agrees', (recognizer, shape, passes) => {
    const own = read<PresidioCase>('presidio/validator_cases.json').filter((one) => one.recognizer === recognizer)
    expect(own.length).toBeGreaterThan(10)
    for (const { value, expected } of own) {
      const number = value.toUpperCase()
      expect([value, shape.test(number) && passes(number)]).toEqual([value, expected])
    }
  })
})
