import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EUROPE } from '../../../detectors/national-id/europe.ts'
import { DetectorSet } from '../../../detectors/set.ts'

interface Case {
  readonly recognizer: string
  readonly text: string
  readonly expected_count: number
}

/** What another project's authors expect of their recognizers; see the folder's README for source and licence. */
const FILE = new URL('../../../../shared/vectors/presidio/recognizer_cases.json', import.meta.url)

/** Our detectors, and a key that opens those that need one. */
const DETECTORS_OF: Readonly<Record<string, readonly [key: string, ...names: readonly string[]]>> = {
  UkNinoRecognizer: ['nino', 'uk_nino', 'uk_nino_labelled'],
  UkDrivingLicenceRecognizer: ['licence', 'uk_driving_licence'],
  UkVehicleRegistrationRecognizer: ['vehicle_registration', 'uk_vehicle_plate'],
  DeTaxIdRecognizer: ['steuer_id', 'de_idnr'],
  DeSocialSecurityRecognizer: ['rvnr', 'de_rvnr'],
  DeIdCardRecognizer: ['personalausweis', 'de_id_card'],
  DePassportRecognizer: ['reisepass', 'de_passport'],
  DeTaxNumberRecognizer: ['steuernummer', 'de_steuernummer'],
  DeHandelsregisterRecognizer: ['register', 'de_handelsregister'],
  DeKfzRecognizer: ['kennzeichen', 'de_vehicle_plate'],
  EsNieRecognizer: ['nie', 'es_nif', 'es_nif_labelled'],
  EsNifRecognizer: ['nif', 'es_nif', 'es_nif_labelled'],
  ItFiscalCodeRecognizer: ['codice_fiscale', 'it_codice_fiscale'],
  ItVatCodeRecognizer: ['partita_iva', 'it_piva'],
  PlPeselRecognizer: ['pesel', 'pl_pesel'],
  SePersonnummerRecognizer: ['personnummer', 'se_personnummer', 'se_personnummer_labelled'],
  SeOrganisationsnummerRecognizer: ['orgnr', 'se_orgnr'],
  FiPersonalIdentityCodeRecognizer: ['hetu', 'fi_hetu'],
  TrNationalIdRecognizer: ['tckn', 'tr_tckn'],
}

/** Texts of which we find one match less, each with the reason. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'AAAAAA00B11C333Y and AAAAAA00B11C333N': 'the check letter of the second one is wrong',
  '01333550_323': 'nobody writes an underscore there',
  'My swedish id code is199003052397.': 'a number that a word runs into is not told from an identifier',
}

const present = existsSync(FILE)
const cases: readonly Case[] = present ? JSON.parse(readFileSync(FILE, 'utf8')) : []

describe.skipIf(!present)('Presidio recognizer cases (skipped where ../shared/vectors is absent)', () => {
  test.each(Object.entries(DETECTORS_OF))('%s', (recognizer, [key, ...names]) => {
    const detectors = EUROPE.filter(({ name }) => names.includes(name))
    expect(detectors).toHaveLength(names.length)
    const set = new DetectorSet(detectors)
    const needsWord = detectors.every(({ activation }) => activation === 'gated')
    const own = cases.filter((one) => one.recognizer === recognizer)
    expect(own.length).toBeGreaterThan(0)
    for (const { text, expected_count } of own) {
      const value = Buffer.from(text)
      const underKey = new Set(set.find(value, () => true, key).map(({ start }) => start)).size
      const bare = set.find(value, () => true, '').filter(({ opened }) => opened === undefined)
      if (expected_count === 0 || needsWord) expect({ text, bare }).toEqual({ text, bare: [] })
      if (expected_count > 0)
        expect({ text, underKey }).toEqual({
          text,
          underKey: expected_count - (EXCLUDED[text] === undefined ? 0 : 1),
        })
    }
  })

  test('every exclusion names a case', () => {
    for (const text of Object.keys(EXCLUDED)) expect(cases.map((one) => one.text)).toContain(text)
  })
})
