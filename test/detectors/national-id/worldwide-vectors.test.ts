import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AFRICA_ASIA_PACIFIC } from '../../../detectors/national-id/africa-asia-pacific.ts'
import { AMERICAS } from '../../../detectors/national-id/americas.ts'
import { findAll } from '../drive.ts'

const WORLDWIDE = [...AMERICAS, ...AFRICA_ASIA_PACIFIC]

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
  AustralianTfnChecksum: 'au_tfn',
  BrazilianCnpjChecksum: 'br_cnpj_labelled',
  BrazilianCpfChecksum: 'br_cpf_labelled',
  ChineseIdChecksum: 'cn_ric',
  SingaporeNricChecksum: 'sg_nric_fin',
  'ar/cuit': 'ar_cuit_labelled',
  'au/abn': 'au_abn',
  'au/acn': 'au_acn',
  'au/tfn': 'au_tfn',
  'br/cnpj': 'br_cnpj_labelled',
  'br/cpf': 'br_cpf_labelled',
  'ca/sin': 'ca_sin_labelled',
  'cl/rut': 'cl_rut_labelled',
  'cn/ric': 'cn_ric',
  'co/nit': 'co_nit_labelled',
  'hk/hkid': 'hk_hkid_labelled',
  'id/npwp': 'id_npwp',
  'il/idnr': 'il_id',
  'in/aadhaar': 'in_aadhaar_labelled',
  'in/gstin': 'in_gstin',
  'in/pan': 'in_pan_labelled',
  'in/vid': 'in_aadhaar_vid',
  'kr/brn': 'kr_brn',
  'lk/nic': 'lk_nic',
  'mx/curp': 'mx_curp',
  'mx/rfc': 'mx_rfc_labelled',
  'my/nric': 'my_nric',
  'nz/ird': 'nz_ird',
  'pe/cui': 'pe_dni',
  'pe/ruc': 'pe_ruc',
  'pk/cnic': 'pk_cnic',
  'py/cedula': 'py_cedula',
  'py/ruc': 'py_ruc',
  'sg/uen': 'sg_uen_labelled',
  'th/idnr': 'th_tnin_labelled',
  'tw/natid': 'tw_id',
  'us/ein': 'us_ein',
  'us/ssn': 'us_ssn_labelled',
  'uy/cedula': 'uy_cedula',
  'uy/rut': 'uy_rut',
  've/rif': 've_rif_labelled',
  'vn/mst': 'vn_mst',
  'za/idnr': 'za_id_labelled',
}

/** Where we answer otherwise, each with the reason. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'AustralianTfnChecksum 1124-740-82': 'groups that nobody writes',
  'AustralianTfnChecksum 3711 8 629': 'groups that nobody writes',
  'BrazilianCnpjChecksum 00....623.904\n            ': 'separators that nobody writes, and eight digits',
  'BrazilianCpfChecksum 083---358___948_____25': 'separators that nobody writes',
  'cl/rut CL 12531909-2': 'found, without the letters of the country',
  'cl/rut CL 7.727.230-5': 'found, without the letters of the country',
  'nz/ird NZ 4909185-0': 'groups that nobody writes, and letters of the country',
  'uy/rut UY 21 140634 001 1': 'found, without the letters of the country',
  'in/pan ABMXA3211G': 'beside a word, whatever the holder is',
  'th/idnr 3100600445635': 'thirteen digits and a right check digit, for the package as well',
  'th/idnr 1112034563562': 'thirteen digits and a right check digit, for the package as well',
  'tw/natid A800501509': 'the check digit is wrong, for the package as well',
}

const VECTORS = [
  ...read<Vector>('checksums/dd_sds_validators.json'),
  ...read<Vector>('checksums/stdnum_specs.json'),
].filter(({ validator }) => DETECTOR_OF[validator] !== undefined)

describe.skipIf(VECTORS.length === 0)('Checksum vectors (skipped where ../shared/vectors is absent)', () => {
  test.each(VECTORS.map((vector) => [vector.validator, vector.value, vector.valid] as const))(
    '%s: %j is a number: %s',
    (validator, value, valid) => {
      const detector = WORLDWIDE.find(({ name }) => name === DETECTOR_OF[validator])!
      const isWhole = findAll(detector, value).some((match) => match.text === value.trim())
      expect(isWhole).toBe(valid !== (EXCLUDED[`${validator} ${value}`] !== undefined))
    },
  )

  test('every exclusion names a vector', () => {
    const names = VECTORS.map(({ validator, value }) => `${validator} ${value}`)
    for (const name of Object.keys(EXCLUDED)) expect(names).toContain(name)
  })
})
