import { joinedAfter } from '../boundary.ts'
import { passesVin } from '../checksum/vin.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

const PLATE_WORDS: readonly string[] = [
  'plate',
  'plates',
  'number plate',
  'license plate',
  'licence plate',
  'plate number',
  'plate no',
  'registration plate',
  'vehicle',
  'vehicle number',
  'vehicle no',
  'vehicle registration',
  'registration number',
  'registration no',
  'reg no',
]

const VIN_LETTER = '[A-HJ-NPR-Z]'
const VIN_CHARACTER = '[0-9A-HJ-NPR-Z]'

const NO_WORD = 'Plates that no word names, and those that stand further than 20 characters from it.'

/** States and union territories, those that have been renamed too. */
const INDIAN_STATE =
  'A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKPT]|WB'

export const inVehiclePlate = standalone({
  name: 'in_vehicle_plate',
  title: 'Indian number plate',
  group: 'identity',
  activation: 'gated',
  finds:
    'Plates of a state (`KA 01 AB 1234`), of the Bharat series (`22 BH 1234 AA`), of diplomats, and old ones of three letters and four digits (Central Motor Vehicles Rules, rule 50).',
  misses: NO_WORD,
  shapes: [
    `(?i:${INDIAN_STATE})[ -]?[0-9]{1,2}[ -]?[A-Za-z]{1,3}[ -]?[0-9]{1,4}`,
    '[2-9][0-9][ -]?(?i:BH)[ -]?[0-9]{4}[ -]?[A-Za-z]{1,2}',
    '[A-Za-z]{3}[ -]?[0-9]{4}',
    '[0-9]{1,3}[ -]?(?i:CC|CD|UN)[ -]?[0-9]{1,4}',
  ],
  gate: { words: [...PLATE_WORDS, 'rto', 'parivahan', 'vahan'], within: 20 },
  lowEntropy: true,
  examples: ['vehicle no. KA 01 AB 1234'],
  accepts: (printed) => !/[^0-9]0+$/.test(printed),
})

export const ngVehiclePlate = standalone({
  name: 'ng_vehicle_plate',
  title: 'Nigerian number plate',
  group: 'identity',
  activation: 'gated',
  finds: 'Plates of three letters for the local government, three digits and two letters: `APP-456CV`.',
  misses: NO_WORD,
  shapes: ['[A-Za-z]{3}[ -]?[0-9]{3}[ -]?[A-Za-z]{2}'],
  gate: { words: [...PLATE_WORDS, 'frsc'], within: 20 },
  lowEntropy: true,
  examples: ['Plates: APP-456CV and KJA-999PZ'],
  accepts: () => true,
})

export const trVehiclePlate = standalone({
  name: 'tr_vehicle_plate',
  title: 'Turkish number plate',
  group: 'identity',
  activation: 'gated',
  finds: 'Plates of a province, 01 to 81, one to three letters without Q, W and X, and two to five digits.',
  misses: NO_WORD,
  shapes: ['(?:0[1-9]|[1-7][0-9]|8[01])[ -]?[A-PR-VYZa-pr-vyz]{1,3}[ -]?[0-9]{2,5}'],
  gate: { words: [...PLATE_WORDS, 'plaka', 'plaka no', 'plaka numarası', 'plakası', 'plakalı'], within: 20 },
  lowEntropy: true,
  examples: ['Plaka 34 ABC 1234'],
  accepts: (printed) => lettersAndDigits(printed).length <= 9,
})

const CHINESE_PROVINCE = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]'
const CHINESE_PLATE = `${CHINESE_PROVINCE}[A-HJ-Z][ ·•-]?[0-9A-HJ-NP-Z]{4}(?:[0-9A-HJ-NP-Z]{1,2}|[挂学警港澳领])`
const WHOLE_CHINESE_PLATE = new RegExp(`^${CHINESE_PLATE}$`, 'u')

export const cnVehiclePlate: Detector = {
  name: 'cn_vehicle_plate',
  title: 'Chinese number plate',
  group: 'identity',
  activation: 'gated',
  finds:
    'Plates of a province (one character), a letter for the place, and five characters, six for new energy, or four and a character for the kind of vehicle (GA 36-2018).',
  misses: NO_WORD,
  patterns: [CHINESE_PLATE],
  gate: { words: [...PLATE_WORDS, '车牌', '车牌号', '车牌号码', '號牌', '号牌', '車牌', '车辆'], within: 20 },
  lowEntropy: true,
  examples: ['车牌号 京A12345', '车牌:粤B·D12345'],
  confirm(text, candidate) {
    const written = Buffer.from(text.slice(candidate.start, candidate.end), 'latin1').toString()
    return WHOLE_CHINESE_PLATE.test(written) && !joinedAfter(text, candidate.end) ? candidate : undefined
  },
  normalise: (match) => match.replace(/[ ·•-]/g, ''),
}

export const vin = standalone({
  name: 'vin',
  title: 'Vehicle identification number',
  group: 'identity',
  activation: 'always',
  finds:
    'Vehicle identification numbers in capitals: seventeen characters without I, O and Q (ISO 3779), with a letter in the first three, the right check digit of North America in the ninth place, a model year in the tenth, digits in the last four, and three letters or more, of which hexadecimal text does not hold all (49 CFR 565.15).',
  misses: 'Numbers of other markets, which have no check digit, and numbers in small letters; see `vin_labelled`.',
  // The first three characters, the maker's, have a letter: runs of digits are given up after three of them.
  shapes: [
    `(?:${VIN_LETTER}${VIN_CHARACTER}{2}|[1-9]${VIN_LETTER}${VIN_CHARACTER}|[1-9][0-9]${VIN_LETTER})${VIN_CHARACTER}{5}[0-9X][1-9A-HJ-NPR-TV-Y]${VIN_CHARACTER}{3}[0-9]{4}`,
  ],
  lowEntropy: false,
  examples: ['VIN 1M8GDM9AXKP042788'],
  accepts: (printed) => /(?:[A-Z].*){3}/.test(printed) && /[G-Z]/.test(printed) && passesVin(printed),
})

export const vinLabelled = standalone({
  name: 'vin_labelled',
  title: 'Vehicle identification number beside a word',
  finds:
    'Vehicle identification numbers (ISO 3779) of any market: seventeen characters without I, O and Q, in capitals or not, with a letter and a digit among them. A check digit is not asked for.',
  misses: 'Numbers that no word names.',
  group: 'identity',
  activation: 'gated',
  shapes: ['[0-9A-HJ-NPR-Za-hj-npr-z]{17}'],
  gate: {
    words: [
      'vin',
      'vins',
      'vin number',
      'vin no',
      'vehicle identification',
      'vehicle identification number',
      'vehicle id',
      'chassis',
      'chassis number',
      'chassis no',
      'fahrgestellnummer',
      'fahrzeugidentifikationsnummer',
      'numéro de châssis',
      'bastidor',
      'numero di telaio',
      'şasi no',
      '车架号',
      '车辆识别代号',
    ],
  },
  lowEntropy: false,
  examples: ['vin=wvwzzz1jz3w386752'],
  accepts: (printed) => /[A-Za-z]/.test(printed) && /[0-9]/.test(printed),
})
