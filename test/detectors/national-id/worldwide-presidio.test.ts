import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { IDENTITY } from '../../../detectors/identity/index.ts'
import { AFRICA_ASIA_PACIFIC } from '../../../detectors/national-id/africa-asia-pacific.ts'
import { AMERICAS } from '../../../detectors/national-id/americas.ts'
import { DetectorSet } from '../../../detectors/set.ts'

const WORLDWIDE = [...AMERICAS, ...AFRICA_ASIA_PACIFIC, ...IDENTITY]

interface Case {
  readonly recognizer: string
  readonly text: string
  readonly expected_count: number
}

/** What another project's authors expect of their recognizers; see the folder's README for source and licence. */
const FILE = new URL('../../../../shared/vectors/presidio/recognizer_cases.json', import.meta.url)

/** Our detectors, and a key that opens those that need one. */
const DETECTORS_OF: Readonly<Record<string, readonly [key: string, ...names: readonly string[]]>> = {
  UsItinRecognizer: ['itin', 'us_itin', 'us_itin_labelled'],
  UsLicenseRecognizer: ['driver_license', 'us_driver_license'],
  UsPassportRecognizer: ['passport_number', 'us_passport'],
  CaSinRecognizer: ['sin', 'ca_sin', 'ca_sin_labelled'],
  AuTfnRecognizer: ['tfn', 'au_tfn'],
  AuAbnRecognizer: ['abn', 'au_abn'],
  AuAcnRecognizer: ['acn', 'au_acn'],
  ZaIdNumberRecognizer: ['sa_id', 'za_id', 'za_id_labelled'],
  NgNinRecognizer: ['nin', 'ng_nin'],
  NgVehicleRegistrationRecognizer: ['number_plate', 'ng_vehicle_plate'],
  InAadhaarRecognizer: ['aadhaar', 'in_aadhaar', 'in_aadhaar_labelled'],
  InPanRecognizer: ['pan', 'in_pan', 'in_pan_labelled'],
  InGstinRecognizer: ['gstin', 'in_gstin', 'in_gstin_labelled'],
  InVoterRecognizer: ['voter_id', 'in_epic'],
  InPassportRecognizer: ['passport_number', 'in_passport'],
  InVehicleRegistrationRecognizer: ['vehicle_registration', 'in_vehicle_plate'],
  KrRrnRecognizer: ['rrn', 'kr_rrn', 'kr_rrn_labelled'],
  KrFrnRecognizer: ['frn', 'kr_frn', 'kr_frn_labelled'],
  KrBrnRecognizer: ['brn', 'kr_brn'],
  KrDriverLicenseRecognizer: ['driver_license', 'kr_driver_license'],
  KrPassportRecognizer: ['passport_number', 'kr_passport'],
  SgFinRecognizer: ['nric', 'sg_nric_fin'],
  SgUenRecognizer: ['uen', 'sg_uen', 'sg_uen_labelled'],
  ThTninRecognizer: ['thai_id', 'th_tnin', 'th_tnin_labelled'],
  PhTinRecognizer: ['tin', 'ph_tin'],
  TrLicensePlateRecognizer: ['plaka', 'tr_vehicle_plate'],
}

/** Texts of which we find one match less, each with the reason. */
const EXCLUDED: Readonly<Record<string, string>> = {
  B1234567Z: 'there is no series B, and Presidio gives it its lowest score',
}

/** Texts in which we find a match more, beside a word, each with the reason. */
const FOUND_AS_WELL: Readonly<Record<string, string>> = {
  '38ABCDE1234F1Z5': 'state 38 is Ladakh, since 2019',
}

const present = existsSync(FILE)
const cases: readonly Case[] = present ? JSON.parse(readFileSync(FILE, 'utf8')) : []

describe.skipIf(!present)('Presidio recognizer cases (skipped where ../shared/vectors is absent)', () => {
  test.each(Object.entries(DETECTORS_OF))('%s', (recognizer, [key, ...names]) => {
    const detectors = WORLDWIDE.filter(({ name }) => names.includes(name))
    expect(detectors).toHaveLength(names.length)
    const set = new DetectorSet(detectors)
    const own = cases.filter((one) => one.recognizer === recognizer)
    expect(own.length).toBeGreaterThan(0)
    for (const { text, expected_count } of own) {
      const value = Buffer.from(text)
      const underKey = new Set(set.find(value, () => true, key).map(({ start }) => start)).size
      const bare = set.find(value, () => true, '').filter(({ opened }) => opened === undefined)
      if (expected_count === 0) expect({ text, bare }).toEqual({ text, bare: [] })
      const wanted = expected_count - Number(text in EXCLUDED) + Number(text in FOUND_AS_WELL)
      expect({ text, underKey }).toEqual({ text, underKey: wanted })
    }
  })

  test('every exclusion names a case', () => {
    for (const text of Object.keys({ ...EXCLUDED, ...FOUND_AS_WELL }))
      expect(cases.map((one) => one.text)).toContain(text)
  })
})
