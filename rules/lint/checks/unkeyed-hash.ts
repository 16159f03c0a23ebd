import type { ReadingCheck } from '../check.ts'

export const unkeyedHash: ReadingCheck = {
  code: 'unkeyed-hash',
  severity: 'error',
  title: 'A hash without a key',
  explanation:
    'A hash without a secret key protects nothing: whoever can list the possible values can hash them all and look up which is which. All card numbers of one bank, all telephone numbers of a country and all e-mail addresses that have ever leaked are hashed in minutes. PCI DSS 3.5.1.1 asks for keyed hashes of card numbers. `hash` therefore always takes a key from `hash_keys` of the configuration, and makes an HMAC with it.',
  hint: 'Write hash: {key: NAME}, with a name under hash_keys of the configuration.',
  wrong: `rules:
  - id: accounts
    detect: [iban]
    hash: {}
`,
  right: `rules:
  - id: accounts
    detect: [iban]
    hash: {key: pseudonyms}
`,
  covers: ({ path }) => path.at(-1) === 'hash' || (path.at(-1) === 'key' && path.at(-2) === 'hash'),
}
