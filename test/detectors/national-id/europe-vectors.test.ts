import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EUROPE } from '../../../detectors/national-id/europe.ts'
import { findAll } from '../drive.ts'

interface Vector {
  readonly validator: string
  readonly value: string
  readonly valid: boolean
}

/** Vectors of other projects; see the folder's README for source and licence. */
const FOLDER = new URL('../../../../shared/vectors/', import.meta.url)

function read<T>(path: string): readonly T[] {
  const file = new URL(path, FOLDER)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

/** Which of our detectors answers for which validator of theirs. */
const DETECTOR_OF: Readonly<Record<string, string>> = {
  AustrianSsnChecksum: 'at_vnr',
  BelgiumNationalRegisterChecksum: 'be_nn_labelled',
  BulgarianEgnChecksum: 'bg_egn',
  CoordinationNumberChecksum: 'se_personnummer_labelled',
  CzechTaxIdentificationNumberChecksum: 'cz_sk_rodne_cislo_labelled',
  DutchBsnChecksum: 'nl_bsn',
  EstoniaPersonalCodeChecksum: 'ee_ik',
  FinnishHetuChecksum: 'fi_hetu',
  FranceNifChecksum: 'fr_nif',
  FranceSsnChecksum: 'fr_nir_labelled',
  GermanIdsChecksum: 'de_id_card',
  GermanSvnrChecksum: 'de_rvnr',
  IrishPpsChecksum: 'ie_pps_labelled',
  LatviaNationalIdChecksum: 'lv_pk',
  LithuanianPersonalIdentificationNumberChecksum: 'lt_ak',
  LuxembourgIndividualNINChecksum: 'lu_nin',
  Mod11_10checksum: 'de_idnr',
  PolishNationalIdChecksum: 'pl_pesel',
  PortugueseTaxIdChecksum: 'pt_nif',
  RodneCisloNumberChecksum: 'cz_sk_rodne_cislo_labelled',
  RomanianPersonalNumericCode: 'ro_cnp',
  SlovenianPINChecksum: 'si_emso',
  SpanishDniChecksum: 'es_nif_labelled',
  SpanishNussChecksum: 'es_nuss',
  SwedenPINChecksum: 'se_personnummer_labelled',
  UkNinoFormatCheck: 'uk_nino_labelled',
  UkTrnChecksum: 'uk_utr',
  'at/vnr': 'at_vnr',
  'be/nn': 'be_nn_labelled',
  'bg/egn': 'bg_egn',
  'ch/ssn': 'ch_ahv',
  'cz/rc': 'cz_sk_rodne_cislo_labelled',
  'de/idnr': 'de_idnr',
  'de/stnr': 'de_steuernummer',
  'de/svnr': 'de_rvnr',
  'dk/cpr': 'dk_cpr_labelled',
  'es/dni': 'es_nif_labelled',
  'es/nie': 'es_nif_labelled',
  'es/nif': 'es_nif_labelled',
  'es/nss': 'es_nuss',
  'fr/nif': 'fr_nif',
  'fr/nir': 'fr_nir_labelled',
  'gb/nino': 'uk_nino_labelled',
  'ie/pps': 'ie_pps_labelled',
  'it/codicefiscale': 'it_codice_fiscale',
  'lv/pvn': 'lv_pk',
  'nl/bsn': 'nl_bsn',
  'no/fodselsnummer': 'no_fodselsnummer',
  'pl/nip': 'pl_nip',
  'pl/pesel': 'pl_pesel',
  'pt/nif': 'pt_nif',
  'ro/cnp': 'ro_cnp',
  'se/personnummer': 'se_personnummer_labelled',
  'si/emso': 'si_emso',
  'tr/tckimlik': 'tr_tckn',
}

/** Where we answer otherwise, each with the reason. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'CzechTaxIdentificationNumberChecksum CZ 251238/91': 'eight digits, and a month of 12 and a day of 38',
  'CzechTaxIdentificationNumberChecksum CZ 640903/926': 'nine digits ended with the year 1953',
  'CzechTaxIdentificationNumberChecksum 9811150570': 'a rest of 10 was written as 0 until 1985 only',
  'CzechTaxIdentificationNumberChecksum CZ 710319/2745': 'found, without the letters of the country',
  'RodneCisloNumberChecksum 9811150570': 'a rest of 10 was written as 0 until 1985 only',
  'RodneCisloNumberChecksum 123456789': 'there is no month 34',
  'DutchBsnChecksum 1855013': 'seven digits are too few to be told from other numbers',
  'FinnishHetuChecksum 010101-0101': 'a date with a time looks the same, and those born until 1931 are few',
  'FranceNifChecksum 07-01😇987.765C493': 'no separators that anybody writes',
  'SlovenianPINChecksum 01🙏01006500006': 'no separators that anybody writes',
  'Mod11_10checksum 15-203_607/809': 'no separators that anybody writes',
  'GermanIdsChecksum 👍lz6311t475': 'found, without the thumb',
  'GermanSvnrChecksum 212 40284 M 032': 'groups that nobody writes',
  'IrishPpsChecksum 1084633WWX': 'three letters',
  'Mod11_10checksum 00 000 000 000.': 'a tax number does not begin with 0',
  'Mod11_10checksum 30405607809': 'a tax number has no digit four times',
  'LithuanianPersonalIdentificationNumberChecksum 333-092-400-64': 'groups that nobody writes',
  'PolishNationalIdChecksum 12345678903': 'there is no month 34',
  'PolishNationalIdChecksum 12345678910': 'there is no month 34',
  'SpanishNussChecksum 28 1294567 895': 'groups that nobody writes',
  'SpanishNussChecksum 981234577887': 'there is no province 98',
  'UkTrnChecksum K3366215443k': 'the check digit is right, and a second K is no reason to leave it in the clear',
  'no/fodselsnummer 11111234567': 'both check digits are wrong, for the package as well',
}

const VECTORS = [
  ...read<Vector>('checksums/dd_sds_validators.json'),
  ...read<Vector>('checksums/stdnum_specs.json'),
].filter(({ validator }) => DETECTOR_OF[validator] !== undefined)

describe.skipIf(VECTORS.length === 0)('Checksum vectors (skipped where ../shared/vectors is absent)', () => {
  test.each(VECTORS.map((vector) => [vector.validator, vector.value, vector.valid] as const))(
    '%s: %j is a number: %s',
    (validator, value, valid) => {
      const detector = EUROPE.find(({ name }) => name === DETECTOR_OF[validator])!
      const isWhole = findAll(detector, value).some((match) => match.text === value.trim())
      expect(isWhole).toBe(valid !== (EXCLUDED[`${validator} ${value}`] !== undefined))
    },
  )

  test('every exclusion names a vector', () => {
    const names = VECTORS.map(({ validator, value }) => `${validator} ${value}`)
    for (const name of Object.keys(EXCLUDED)) expect(names).toContain(name)
  })
})
