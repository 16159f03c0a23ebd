import * as clabe from 'stdnum/lib/cjs/mx/clabe.js'
import * as kontonr from 'stdnum/lib/cjs/no/kontonr.js'
import * as nzBank from 'stdnum/lib/cjs/nz/bank.js'
import type { Detector } from '../detector.ts'
import { acceptedBy } from '../national-id/numbered.ts'
import { standalone } from '../standalone.ts'

export const mxClabe: Detector = standalone({
  name: 'mx_clabe',
  title: 'Mexican bank account (CLABE)',
  group: 'financial',
  activation: 'gated',
  finds:
    'Accounts of 18 digits with a known bank and the right check digit (weights 3, 7, 1; Banco de México), near a word that names them.',
  misses: 'Accounts without such a word or key, and those of banks that are younger than the list in stdnum.',
  shapes: ['[0-9]{3} ?[0-9]{3} ?[0-9]{11} ?[0-9]'],
  gate: { words: ['clabe', 'clabe interbancaria', 'cuenta clabe', 'spei'] },
  lowEntropy: true,
  examples: ['CLABE 032180000118359719'],
  accepts: acceptedBy(clabe.validate),
})

export const nzBankAccount: Detector = standalone({
  name: 'nz_bank_account',
  title: 'New Zealand bank account',
  group: 'financial',
  activation: 'gated',
  finds:
    'Accounts as bank, branch, number and suffix, 2-4-7-2 or 2-4-7-3 digits with hyphens or spaces, with the check digit of their bank (Inland Revenue, "RWT and NRWT certificate filing specification"), near a word that names them.',
  misses: 'Accounts without such a word or key.',
  shapes: ['[0-9]{2}[ -]?[0-9]{3,4}[ -]?[0-9]{7}[ -]?[0-9]{2,3}'],
  gate: { words: ['bank account', 'account number', 'account no', 'bank acct', 'nz bank'] },
  lowEntropy: true,
  examples: ['bank account 01-0902-0068389-00'],
  accepts: acceptedBy(nzBank.validate),
})

export const noBankAccount: Detector = standalone({
  name: 'no_bank_account',
  title: 'Norwegian bank account (kontonummer)',
  group: 'financial',
  activation: 'gated',
  finds:
    'Accounts of 11 digits, in one run or 4-2-5, with the right check digit (modulus 11), near a word that names them.',
  misses: 'Accounts without such a word or key.',
  shapes: ['[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{5}'],
  gate: { words: ['kontonr', 'kontonummer', 'bankkonto', 'konto nr', 'bank account', 'account number'] },
  lowEntropy: true,
  examples: ['kontonr 8601 11 17947'],
  accepts: acceptedBy(kontonr.validate),
})

export const ukSortCode: Detector = standalone({
  name: 'uk_sort_code',
  title: 'UK sort code, with account',
  group: 'financial',
  activation: 'gated',
  finds:
    'Sort codes, 2-2-2 with hyphens or six digits, and the account of eight digits where it follows, near the words sort code.',
  misses: 'Codes without such a word or key. There is no check digit.',
  shapes: ['[0-9]{2}-[0-9]{2}-[0-9]{2}(?:[ /,-]{1,2}[0-9]{8})?', '[0-9]{6}(?:[ /,-]{1,2}[0-9]{8})?'],
  gate: { words: ['sort code', 'sort code number', 'bank sort'], within: 15 },
  lowEntropy: true,
  examples: ['sort code 20-00-00'],
  accepts: (printed) => /[1-9]/.test(printed),
})
