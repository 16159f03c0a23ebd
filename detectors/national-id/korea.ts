import { validate as isBusinessRegistration } from 'stdnum/lib/cjs/kr/brn.js'
import { isDayOfYear } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isBrn = acceptedBy(isBusinessRegistration)

const startsWithDate = (compact: string): boolean =>
  isDayOfYear(Number(compact.slice(2, 4)), Number(compact.slice(4, 6)))

/**
 * Whether the year and the digit of the century say 1940 to 2019. Jobs and files of our years are named `240115-1000123`
 * and `150124-1030599`, which would be people of 102 and 111 years, or children.
 */
function isBornSince1940(compact: string): boolean {
  const year = Number(compact.slice(0, 2))
  return '1256'.includes(compact[6]!) ? year >= 40 : year < 20
}

const isUsual = (compact: string): boolean => startsWithDate(compact) && isBornSince1940(compact)

const DATE = '[0-9]{2}[01][0-9][0-3][0-9]'

const NO_CHECK =
  'The check digit is not looked at: numbers issued since October 2020 have none, and one cannot tell them from older ones.'

export const krRrn = numbered({
  name: 'kr_rrn',
  title: 'South Korean resident registration number',
  finds:
    'Resident registration numbers as they are printed, `YYMMDD-NNNNNNN`: date of birth, and 1 to 4 for century and sex (Resident Registration Act, Enforcement Rule).',
  misses: `Numbers without the hyphen, and those of people born before 1940 or since 2020, which jobs and batches look like; see \`kr_rrn_labelled\`. ${NO_CHECK}`,
  shapes: [`${DATE}-[1-4][0-9]{6}`],
  examples: ['주민등록번호 960121-1021413'],
  isValid: isUsual,
})

export const krRrnLabelled = numbered({
  name: 'kr_rrn_labelled',
  title: 'South Korean resident registration number beside a word',
  finds: 'What `kr_rrn` finds, and the thirteen digits in one run.',
  misses: 'Numbers that no word names.',
  shapes: [`${DATE}[ -]?[1-4][0-9]{6}`],
  gate: {
    words: [
      '주민등록번호',
      '주민번호',
      '주민등록',
      'rrn',
      'resident registration number',
      'resident registration',
      'resident number',
      'jumin',
    ],
  },
  examples: ['His RRN is 9601211021413'],
  isValid: startsWithDate,
})

export const krFrn = numbered({
  name: 'kr_frn',
  title: 'South Korean foreigner registration number',
  finds:
    'Registration numbers of foreigners as they are printed, `YYMMDD-NNNNNNN`: date of birth, and 5 to 8 for century and sex (Immigration Act, Enforcement Rule).',
  misses: `Numbers without the hyphen, and those of people born before 1940 or since 2020, which jobs and batches look like; see \`kr_frn_labelled\`. ${NO_CHECK}`,
  shapes: [`${DATE}-[5-8][0-9]{6}`],
  examples: ['외국인등록번호 911124-5678901'],
  isValid: isUsual,
})

export const krFrnLabelled = numbered({
  name: 'kr_frn_labelled',
  title: 'South Korean foreigner registration number beside a word',
  finds: 'What `kr_frn` finds, and the thirteen digits in one run.',
  misses: 'Numbers that no word names.',
  shapes: [`${DATE}[ -]?[5-8][0-9]{6}`],
  gate: {
    words: [
      '외국인등록번호',
      '외국인번호',
      '외국인등록',
      'frn',
      'foreigner registration number',
      'foreign registration number',
      'alien registration number',
      'alien registration',
    ],
  },
  examples: ['FRN 9111245678906'],
  isValid: startsWithDate,
})

export const krBrn = numbered({
  name: 'kr_brn',
  title: 'South Korean business registration number',
  finds:
    'Business registration numbers of ten digits, in one run or grouped 3-2-5, with a right check digit (weights 1 3 7 1 3 7 1 3 5, modulus 10; National Tax Service). Sole proprietors have them too.',
  misses: 'Numbers that no word names.',
  shapes: ['[1-9][0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{5}'],
  gate: {
    words: [
      '사업자등록번호',
      '사업자번호',
      '사업자',
      'brn',
      'business registration number',
      'business number',
      'tax registration number',
    ],
  },
  examples: ['사업자등록번호 116-82-00276'],
  isValid: isBrn,
})

export const krDriverLicense = numbered({
  name: 'kr_driver_license',
  title: 'South Korean driver licence number',
  finds:
    'Driver licence numbers of twelve digits, in one run or grouped 2-2-6-2, that begin with the code of a region, 11 to 28 (Korean National Police Agency).',
  misses: 'Numbers that no word names, and old ones that begin with the name of a region. There is no published check.',
  shapes: ['(?:1[1-9]|2[0-8])[ -]?[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{2}'],
  gate: {
    words: [
      '운전면허',
      '운전면허번호',
      '면허번호',
      'driver license',
      'drivers license',
      "driver's license",
      'driver licence',
      'driving license',
      'driving licence',
      'license number',
    ],
  },
  examples: ['운전면허번호 11-22-123456-12'],
  isValid: () => true,
})

export const krPassport = numbered({
  name: 'kr_passport',
  title: 'South Korean passport number',
  finds:
    'Numbers of South Korean passports: M, S, R, O or D, and eight digits, or three digits, a letter and four digits since 2021.',
  misses: 'Numbers that no word names. There is no check digit outside of the machine-readable zone.',
  shapes: ['[DMORSdmors][0-9]{3}[0-9A-Za-z][0-9]{4}'],
  gate: { words: ['여권', '여권번호', 'passport', 'passport number', 'passport no', 'korean passport'] },
  examples: ['여권번호 M123A4567', 'passport M12345678'],
  isValid: () => true,
})
