import abaRoutingModule from 'validator/lib/isAbaRouting.js'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const abaRouting: Detector = standalone({
  name: 'aba_routing',
  title: 'US bank routing number',
  group: 'financial',
  activation: 'gated',
  finds:
    'Routing transit numbers of US banks: nine digits, in one run or 4-4-1, whose first two are assigned and whose check digit is right (weights 3, 7, 1; American Bankers Association), near a word that names them.',
  misses: 'Numbers without such a word or key. One in twenty numbers of nine digits near one passes by chance.',
  shapes: ['[0-9]{4}-?[0-9]{4}-?[0-9]'],
  gate: {
    words: [
      'aba #',
      'aba no',
      'aba number',
      'aba routing',
      'routing number',
      'routing no',
      'routing transit',
      'bank routing',
      'transit number',
      'rtn',
    ],
    // Not as a word: three digits of a hash may be `aba`.
    keys: ['(?:^| )aba(?: |$)'],
  },
  lowEntropy: true,
  examples: ['routing number 121000358'],
  accepts: (printed) => /[1-9]/.test(printed) && abaRoutingModule.default(lettersAndDigits(printed)),
})

export const usBankAccount: Detector = standalone({
  name: 'us_bank_account',
  title: 'Bank account number',
  group: 'financial',
  activation: 'gated',
  finds: 'Account numbers of 8 to 17 digits, in one run, right beside a word that names a bank account.',
  misses:
    'Accounts without such a word or key, shorter ones, and groups of digits. There is no check digit: any long number beside the word is found.',
  shapes: ['[0-9]{8,17}'],
  gate: {
    words: [
      'bank account',
      'bank account number',
      'account number',
      'account no',
      'acct no',
      'acct number',
      'checking account',
      'savings account',
      'deposit account',
      'bankkonto',
      'kontonummer',
      'numero de compte',
      'numéro de compte',
      'numero de cuenta',
      'número de cuenta',
    ],
    within: 10,
  },
  lowEntropy: true,
  examples: ['bank account 000123456789'],
  accepts: (printed) => !/^(.)\1*$/.test(printed),
})
