import { validate as isUidaiNumber } from 'stdnum/lib/cjs/in/aadhaar.js'
import { validate as isGoodsAndServicesTaxNumber } from 'stdnum/lib/cjs/in/gstin.js'
import { validate as isPermanentAccountNumber } from 'stdnum/lib/cjs/in/pan.js'
import { validate as isVirtualId } from 'stdnum/lib/cjs/in/vid.js'
import type { Detector } from '../detector.ts'
import { keyNamed } from './labels.ts'
import { standsInRow } from './number-groups.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isAadhaar = acceptedBy(isUidaiNumber)
const isVid = acceptedBy(isVirtualId)
const isPan = acceptedBy(isPermanentAccountNumber)
const isGstin = acceptedBy(isGoodsAndServicesTaxNumber)

const groupedAadhaar = numbered({
  name: 'in_aadhaar',
  title: 'Indian Aadhaar number',
  finds:
    'Aadhaar numbers in three groups of four digits with a space or hyphen between them, the first digit 2 to 9, no palindrome, with a right check digit (Verhoeff; Unique Identification Authority of India).',
  misses:
    'Numbers in one run, or with other numbers beside them; see `in_aadhaar_labelled`. One in ten tables of three columns with four digits passes by chance.',
  shapes: ['[2-9][0-9]{3} [0-9]{4} [0-9]{4}', '[2-9][0-9]{3}-[0-9]{4}-[0-9]{4}'],
  examples: ['aadhaar 3123 4567 8909'],
  isValid: isAadhaar,
})

export const inAadhaar: Detector = {
  ...groupedAadhaar,
  confirm(text, candidate) {
    const span = groupedAadhaar.confirm(text, candidate)
    return span === undefined || standsInRow(text, span) ? undefined : span
  },
}

const AADHAAR_WORDS: readonly string[] = [
  'aadhaar',
  'aadhar',
  'adhaar',
  'adhar',
  'aadhaar number',
  'aadhaar no',
  'uidai',
  'uid number',
  'आधार',
  'ஆதார்',
  'ఆధార్',
  'আধার',
  'આધાર',
  'ಆಧಾರ್',
]

const digits = (match: string): string => match.replace(/\D/g, '')

export const inAadhaarLabelled: Detector = {
  ...numbered({
    name: 'in_aadhaar_labelled',
    title: 'Indian Aadhaar number beside a word',
    finds: 'What `in_aadhaar` finds, in one run, or with full stops or colons between the groups.',
    misses: 'Numbers that no word names, and those of which only the last four digits are written.',
    shapes: ['[2-9][0-9]{3}[ .:-]?[0-9]{4}[ .:-]?[0-9]{4}'],
    gate: { words: AADHAAR_WORDS },
    examples: ['My Aadhaar number is 400123456787'],
    isValid: (_compact, written) => isAadhaar(digits(written)),
  }),
  normalise: digits,
}

export const inAadhaarVid = numbered({
  name: 'in_aadhaar_vid',
  title: 'Indian Aadhaar virtual identity',
  finds:
    'Virtual identities of sixteen digits, in one run or in groups of four, the first digit 2 to 9, no palindrome, with a right check digit (Verhoeff; Unique Identification Authority of India).',
  misses: 'Numbers that no word names.',
  shapes: ['[2-9][0-9]{3}(?:[ -]?[0-9]{4}){3}'],
  gate: { words: [...AADHAAR_WORDS, 'vid number', 'virtual id'] },
  examples: ['Aadhaar virtual ID 2341 2341 2341 2341'],
  isValid: isVid,
})

export const inPan = numbered({
  name: 'in_pan',
  title: 'Indian permanent account number',
  finds:
    'Permanent account numbers of persons and families, in capitals: five letters, the fourth of which is P or H, four digits not all 0, and a letter (Income Tax Department).',
  misses:
    'Numbers in small letters and those of companies, firms and trusts (C, F, T and others); see `in_pan_labelled`. The last letter is a check that nobody has published, so that of random tokens with ten letters and digits one in 12,000 is found.',
  shapes: ['[A-Z]{3}[HP][A-Z][0-9]{4}[A-Z]'],
  wakes: ['[HP][A-Z][0-9]{4}[A-Z]'],
  examples: ['PAN ACUPA7085R'],
  isValid: isPan,
})

export const inPanLabelled = numbered({
  name: 'in_pan_labelled',
  title: 'Indian permanent account number beside a word',
  finds: 'Five letters, in capitals or not and whatever the fourth is, four digits not all 0, and a letter.',
  misses: 'Numbers that no word names.',
  shapes: ['[A-Za-z]{5}[0-9]{4}[A-Za-z]'],
  gate: {
    words: [
      'pan',
      'pan card',
      'pan no',
      'pan number',
      'permanent account number',
      'income tax',
      'स्थायी खाता संख्या',
      'पैन',
    ],
  },
  examples: ['pan no acupa7085r'],
  isValid: (compact) => compact.slice(5, 9) !== '0000',
})

export const inGstin = numbered({
  name: 'in_gstin',
  title: 'Indian goods and services tax number',
  finds:
    'GSTINs of fifteen characters: a state, the permanent account number of the holder, who may be a person, a count, Z, and a right check character (Luhn modulus 36; GSTN).',
  misses: 'Numbers of non-residents and of deductors of tax, which have another form.',
  shapes: ['[0-3][0-9](?i:[A-Z]{3}[ABCFGHJKLPT][A-Z][0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z])'],
  lowEntropy: false,
  examples: ['GSTIN 27AAPFU0939F1ZV'],
  isValid: isGstin,
})

export const inGstinLabelled = numbered({
  name: 'in_gstin_labelled',
  title: 'Indian goods and services tax number beside a word',
  finds:
    'What has the form of a GSTIN: a state, ten characters of an account number, a count, Z and a check character.',
  misses: 'Numbers that no word names. The check character and the kind of holder are not looked at.',
  shapes: ['(?:0[1-9]|[12][0-9]|3[0-8]|9[79])(?i:[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z])'],
  gate: {
    words: ['gstin', 'gstins', 'gst', 'gst number', 'gst no', 'gst registration', 'goods and services tax'],
  },
  lowEntropy: false,
  examples: ['GST number 07PQRST6789K1Z2'],
  isValid: () => true,
})

export const inEpic = numbered({
  name: 'in_epic',
  title: 'Indian voter card number',
  finds: 'Numbers of electoral photo identity cards: three letters and seven digits (Election Commission of India).',
  misses: 'Numbers that no word names. The check digit is not looked at: the states do not agree on it.',
  shapes: ['[A-Za-z]{3}/?[0-9]{7}'],
  gate: {
    words: [
      'voter',
      'voter id',
      'voter card',
      'epic no',
      'epic number',
      'epic card',
      'elector',
      'electoral',
      'electors photo identity card',
      'elector photo identity card',
      'मतदाता',
      'मतदाता पहचान पत्र',
      'election card',
    ],
    keys: [keyNamed('epic')],
  },
  lowEntropy: false,
  examples: ['voter id WKH1186253'],
  isValid: () => true,
})

export const inPassport = numbered({
  name: 'in_passport',
  title: 'Indian passport number',
  finds: 'Numbers of Indian passports: a letter but not O, Q, X or Z, and seven digits, the first and the last not 0.',
  misses: 'Numbers that no word names. There is no check digit outside of the machine-readable zone.',
  shapes: ['(?i:[A-NPR-WY])[1-9][0-9] ?[0-9]{4}[1-9]'],
  gate: { words: ['passport', 'passport no', 'passport number', 'indian passport', 'passport seva', 'पासपोर्ट'] },
  examples: ['passport number: J6932157'],
  isValid: () => true,
})
