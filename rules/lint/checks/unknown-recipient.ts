import { TENANT_PREFIX, tenantField } from '../../tenant.ts'
import { type LintCheck, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const unknownRecipient: LintCheck = {
  code: 'unknown-recipient',
  severity: 'error',
  title: 'A recipient or group that the configuration does not have',
  explanation:
    'A value is sealed for all that its rule names, or not at all: nothing is carried out for fewer. A name that the configuration lacks would leave the rule without somebody who was to read, so the configuration is refused. This is only checked where a configuration is given with -c.',
  hint: 'The names stand under recipients and groups of the configuration.',
  wrong: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [privacy-team]}
`,
  right: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [dpo]}
`,
  find({ rules, known }) {
    if (known === undefined) return []
    const names = [...known.recipients, ...known.groups.keys()]
    const hasTenants = names.some((name) => name.startsWith(TENANT_PREFIX))
    const isKnown = (name: string): boolean => (tenantField(name) === undefined ? names.includes(name) : hasTenants)
    return rules.flatMap(({ rule, index }) => {
      const named = listOf(rule.seal?.to).map((name, at) => [name, ['seal', 'to', at]] as const)
      const fallback = listOf(rule.seal?.fallback).map((name) => [name, ['seal', 'fallback']] as const)
      return [...named, ...fallback]
        .filter(([name]) => !isKnown(name))
        .map(([name, path]) => {
          if (tenantField(name) !== undefined)
            return onRule(index, path, 'no group is named for a tenant', 'Add groups named tenant:<name>.')
          return onRule(index, path, `no recipient and no group is named ${JSON.stringify(name)}`)
        })
    })
  },
}
