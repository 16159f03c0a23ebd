import { type LintCheck, onRule } from '../check.ts'

export const unknownHashKey: LintCheck = {
  code: 'unknown-hash-key',
  severity: 'error',
  title: 'A hash key that the configuration does not have',
  explanation:
    'Equal values have equal pseudonyms only under the same key, so the configuration holds the keys under names that rules use. This is only checked where a configuration is given with -c.',
  hint: 'The names stand under hash_keys of the configuration.',
  wrong: `rules:
  - id: accounts
    detect: [iban]
    hash: {key: pseudonym}
`,
  right: `rules:
  - id: accounts
    detect: [iban]
    hash: {key: pseudonyms}
`,
  find({ rules, known }) {
    if (known === undefined) return []
    return rules.flatMap(({ rule, index }) => {
      if (rule.hash === undefined || known.hashKeys.includes(rule.hash.key)) return []
      return onRule(index, ['hash', 'key'], `no hash key is named ${JSON.stringify(rule.hash.key)}`)
    })
  },
}
