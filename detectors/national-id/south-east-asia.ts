import { validate as isIndonesianTaxpayer } from 'stdnum/lib/cjs/id/npwp.js'
import { validate as isMyKad } from 'stdnum/lib/cjs/my/nric.js'
import { validate as isPersonalNumber } from 'stdnum/lib/cjs/th/idnr.js'
import { validate as isVietnameseTaxpayer } from 'stdnum/lib/cjs/vn/mst.js'
import { passesPhilippineTin } from '../checksum/philippine-tin.ts'
import { isDayOfYear } from './dates.ts'
import { asLabel, keyNamed } from './labels.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isThaiId = acceptedBy(isPersonalNumber)
const isNric = acceptedBy(isMyKad)
const isNpwp = acceptedBy(isIndonesianTaxpayer)
const isMst = acceptedBy(isVietnameseTaxpayer)

/** Provinces (ISO 3166-2:TH), behind the digit of the category. */
const THAI_PROVINCE = '(?:[134][0-9]|2[0-7]|5[0-8]|[67][0-7]|8[0-6]|9[0-6])'

export const thTnin = numbered({
  name: 'th_tnin',
  title: 'Thai national identity number',
  finds:
    'Identity numbers as they are printed, `N-NNNN-NNNNN-NN-N`, with hyphens or spaces: the first digit 1 to 8, a province, and a right check digit (weights 13 to 2, modulus 11; Department of Provincial Administration).',
  misses: 'Numbers in one run, which times in milliseconds look like; see `th_tnin_labelled`.',
  shapes: [
    `[1-8]-${THAI_PROVINCE}[0-9]{2}-[0-9]{5}-[0-9]{2}-[0-9]`,
    `[1-8] ${THAI_PROVINCE}[0-9]{2} [0-9]{5} [0-9]{2} [0-9]`,
  ],
  examples: ['เลขประจำตัวประชาชน 3-4567-89012-34-7'],
  isValid: isThaiId,
})

export const thTninLabelled = numbered({
  name: 'th_tnin_labelled',
  title: 'Thai national identity number beside a word',
  finds: 'What `th_tnin` finds, and the thirteen digits in one run.',
  misses: 'Numbers that no word names.',
  shapes: [`[1-8][ -]?${THAI_PROVINCE}[0-9]{2}[ -]?[0-9]{5}[ -]?[0-9]{2}[ -]?[0-9]`],
  gate: {
    words: [
      'thai id',
      'thai national id',
      'thai id number',
      'tnin',
      'thai identity',
      'citizen id',
      'เลขประจำตัวประชาชน',
      'เลขบัตรประชาชน',
      'บัตรประชาชน',
      'รหัสปชช',
      'ปชช',
    ],
  },
  examples: ['My Thai ID is 1234567890121'],
  isValid: isThaiId,
})

export const phTin = numbered({
  name: 'ph_tin',
  title: 'Philippine taxpayer identification number',
  finds:
    'Taxpayer numbers of nine digits, at times with a branch of three or five digits behind, in one run or grouped by hyphens or spaces, the ninth digit being right (weights 9 to 2, modulus 11; Bureau of Internal Revenue).',
  misses: 'Numbers that no word names. `TIN` counts where it labels a value (`TIN: …`).',
  shapes: ['[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}(?:[ -]?[0-9]{3}(?:[0-9]{2})?)?'],
  gate: {
    words: [
      'taxpayer identification number',
      'taxpayer id',
      'tax id',
      'tax identification number',
      'bir',
      'bir tin',
      'rdo',
      'revenue district office',
      ...asLabel('tin'),
    ],
    keys: [keyNamed('tin')],
  },
  examples: ['My TIN is 000-123-456-000'],
  isValid: (compact) => !/^0{9}/.test(compact) && passesPhilippineTin(compact),
})

/** Codes of the Ministry of Home Affairs. */
const INDONESIAN_PROVINCE = '(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])'

export const idNik = numbered({
  name: 'id_nik',
  title: 'Indonesian population identification number',
  finds:
    'Population identification numbers (NIK) of sixteen digits: province, regency and district, date of birth, the day plus 40 for women, and a serial not 0000 (Law 23 of 2006).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: [
    `${INDONESIAN_PROVINCE}[0-9]{4}[0-7][0-9][01][0-9]{7}`,
    `${INDONESIAN_PROVINCE}[0-9]{2}[ .-][0-9]{4}[ .-][0-9]{4}[ .-][0-9]{4}`,
  ],
  gate: {
    words: [
      'nik',
      'ktp',
      'e ktp',
      'no ktp',
      'nomor ktp',
      'nomor induk kependudukan',
      'induk kependudukan',
      'indonesian id',
      'kartu tanda penduduk',
    ],
  },
  examples: ['NIK 3171234506890001'],
  isValid: (compact) =>
    isDayOfYear(Number(compact.slice(8, 10)), Number(compact.slice(6, 8)) % 40) && !compact.endsWith('0000'),
})

export const idNpwp = numbered({
  name: 'id_npwp',
  title: 'Indonesian taxpayer number',
  finds:
    'Taxpayer numbers (NPWP) of fifteen digits, in one run or as they are printed, `NN.NNN.NNN.N-NNN.NNN`, with a right ninth digit (Luhn; Directorate General of Taxes).',
  misses: 'Numbers that no word names. Since 2024 the taxpayer number of a person is the NIK; see `id_nik`.',
  shapes: [String.raw`[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}`, '[0-9]{15}'],
  gate: { words: ['npwp', 'no npwp', 'nomor pokok wajib pajak', 'wajib pajak', 'pajak'] },
  examples: ['NPWP 01.609.052.4-017.000'],
  isValid: isNpwp,
})

export const myNric = numbered({
  name: 'my_nric',
  title: 'Malaysian identity card number',
  finds:
    'MyKad numbers of twelve digits, in one run or grouped 6-2-4: date of birth, an assigned place of birth and four digits (National Registration Department).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['[0-9]{2}[01][0-9][0-3][0-9][ -]?[0-9]{2}[ -]?[0-9]{4}'],
  gate: {
    words: [
      'nric',
      'mykad',
      'mykid',
      'ic number',
      'ic no',
      'no ic',
      'nombor ic',
      'no kp',
      'kad pengenalan',
      'no kad pengenalan',
      'malaysian id',
      'identity card',
      ...asLabel('ic', 'kp'),
    ],
    keys: [keyNamed('ic', 'kp')],
  },
  examples: ['MyKad 770305-02-1234'],
  isValid: isNric,
})

export const vnCccd = numbered({
  name: 'vn_cccd',
  title: 'Vietnamese citizen identity number',
  finds:
    'Personal identification numbers of twelve digits: a province, 001 to 096, century and sex, year of birth, and six digits (Decree 137/2015/ND-CP, article 13).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['0[0-9]{2}[0-3][0-9]{8}'],
  gate: {
    words: [
      'cccd',
      'số cccd',
      'so cccd',
      'căn cước',
      'căn cước công dân',
      'can cuoc',
      'can cuoc cong dan',
      'định danh cá nhân',
      'citizen id',
      'vietnamese id',
    ],
  },
  examples: ['CCCD 001099012345'],
  isValid: (compact) => Number(compact.slice(0, 3)) >= 1 && Number(compact.slice(0, 3)) <= 96,
})

export const vnCmnd = numbered({
  name: 'vn_cmnd',
  title: 'Vietnamese identity card number',
  finds: 'Numbers of the identity cards that were issued until 2016: nine digits, the first 0 to 3.',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['[0-3][0-9]{8}'],
  gate: {
    words: ['cmnd', 'số cmnd', 'so cmnd', 'cmt', 'chứng minh nhân dân', 'chung minh nhan dan', 'chứng minh thư'],
  },
  examples: ['CMND 012345678'],
  isValid: (compact) => !/^0+$/.test(compact),
})

export const vnMst = numbered({
  name: 'vn_mst',
  title: 'Vietnamese tax number',
  finds:
    'Tax numbers of ten digits, at times with three digits of a branch behind a hyphen, with a right tenth digit (modulus 11; Circular 105/2020/TT-BTC). Persons have them too.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{10}(?:-?[0-9]{3})?'],
  gate: { words: ['mst', 'mã số thuế', 'ma so thue', 'tax code', 'tax id', 'tax number'] },
  examples: ['MST 0314409058-002'],
  isValid: isMst,
})
