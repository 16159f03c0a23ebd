import { type LintCheck, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const noisyDetector: LintCheck = {
  code: 'noisy-detector',
  severity: 'warning',
  title: 'A detector that is off by default, everywhere',
  explanation:
    'Some detectors find what is seldom personal data and often needed: network addresses, which trace faults and attacks, or long random texts. Where one counts as personal data for you, say where: a rule for all places makes logs hard to use, and soon gets exceptions until it protects nothing.',
  hint: 'Add path, key, near or where, so that the rule looks where such a value is personal data; or say under falsepositives what else it will take.',
  wrong: `rules:
  - id: addresses-of-clients
    detect: [ipv4]
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses-of-clients
    detect: [ipv4]
    path: [attributes.client.address]
    seal: {to: [default]}
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index, detectors }) => {
      if ([rule.path, rule.key, rule.near, rule.where, rule.falsepositives].some((limit) => limit !== undefined))
        return []
      const names = listOf(rule.detect)
      return detectors
        .filter(({ activation }) => activation === 'off')
        .map(({ name }) =>
          onRule(index, ['detect', names.indexOf(name)], `${name} is off by default, and this rule uses it everywhere`),
        )
    }),
}
