import { validate as isLegalPerson } from 'stdnum/lib/cjs/br/cnpj.js'
import { validate as isNaturalPerson } from 'stdnum/lib/cjs/br/cpf.js'
import { acceptedBy, numbered } from './numbered.ts'

const hasCpfCheckDigits = acceptedBy(isNaturalPerson)
const hasCnpjCheckDigits = acceptedBy(isLegalPerson)

/** `111.111.111-11` has right check digits and has never been issued. */
const isUniform = (compact: string): boolean => /^(.)\1*$/.test(compact)
const isCpf = (compact: string): boolean => !isUniform(compact) && hasCpfCheckDigits(compact)
const isCnpj = (compact: string): boolean => !isUniform(compact) && hasCnpjCheckDigits(compact)

export const brCpf = numbered({
  name: 'br_cpf',
  title: 'Brazilian CPF',
  finds:
    'Numbers of the register of natural persons as they are printed, `NNN.NNN.NNN-NN`, not eleven times one digit, with both check digits right (modulus 11; Receita Federal).',
  misses: 'Numbers in one run; see `br_cpf_labelled`.',
  shapes: [String.raw`[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}`],
  examples: ['CPF 390.533.447-05'],
  isValid: isCpf,
})

export const brCpfLabelled = numbered({
  name: 'br_cpf_labelled',
  title: 'Brazilian CPF beside a word',
  finds: 'What `br_cpf` finds, in one run or with other separators.',
  misses: 'Numbers that no word names, and those written without their leading zeros.',
  shapes: ['[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ ./-]?[0-9]{2}'],
  gate: {
    words: [
      'cpf',
      'cpfs',
      'cpf cnpj',
      'cadastro de pessoas físicas',
      'cadastro de pessoa física',
      'pessoa física',
      'contribuinte',
    ],
  },
  examples: ['cpf=39053344705'],
  isValid: isCpf,
})

export const brCnpj = numbered({
  name: 'br_cnpj',
  title: 'Brazilian CNPJ',
  finds:
    'Numbers of the register of legal persons as they are printed, `NN.NNN.NNN/NNNN-NN`, with letters as well since 2026, with both check digits right (modulus 11; Receita Federal, IN RFB 2.229/2024). Single traders have them too.',
  misses: 'Numbers in one run; see `br_cnpj_labelled`.',
  shapes: [String.raw`[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-[0-9]{2}`],
  lowEntropy: false,
  examples: ['CNPJ 16.727.230/0001-97', '12.ABC.345/01DE-35'],
  isValid: isCnpj,
})

export const brCnpjLabelled = numbered({
  name: 'br_cnpj_labelled',
  title: 'Brazilian CNPJ beside a word',
  finds: 'What `br_cnpj` finds, in one run, in small letters or with other separators.',
  misses: 'Numbers that no word names, and those written without their leading zeros.',
  shapes: ['[0-9A-Za-z]{2}[ .]?[0-9A-Za-z]{3}[ .]?[0-9A-Za-z]{3}[ /]?[0-9A-Za-z]{4}[ -]?[0-9]{2}'],
  gate: {
    words: ['cnpj', 'cnpjs', 'cpf cnpj', 'cadastro nacional da pessoa jurídica', 'pessoa jurídica', 'razão social'],
  },
  lowEntropy: false,
  examples: ['cnpj=12abc34501de35'],
  isValid: isCnpj,
})
