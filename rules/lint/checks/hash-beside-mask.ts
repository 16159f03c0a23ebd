import { type LintCheck, onRule } from '../check.ts'
import type { LintRule } from '../subject.ts'

export const hashBesideMask: LintCheck = {
  code: 'hash-beside-mask',
  severity: 'warning',
  title: 'A kind of number that is hashed in one place and shortened in another',
  explanation:
    'A pseudonym and the last digits of the same number, side by side in the logs, make it much easier to find the number again: PCI DSS 3.5.1 asks for further controls where both exist of one card number.',
  hint: 'Do the same with it everywhere, or seal it in one of the two places.',
  wrong: `rules:
  - id: card-pseudonyms
    detect: [payment_card]
    path: ['attributes.**']
    hash: {key: pseudonyms}
  - id: card-tails
    detect: [payment_card]
    path: [body]
    mask: {keep_last: 4}
`,
  right: `rules:
  - id: card-pseudonyms
    detect: [payment_card]
    path: ['attributes.**']
    hash: {key: pseudonyms}
  - id: card-tails
    detect: [payment_card]
    path: [body]
    mask: {}
`,
  find: ({ rules }) => {
    const hashing = rules.filter(({ rule }) => rule.hash !== undefined)
    return rules
      .filter(({ rule }) => (rule.mask?.keep_last ?? 0) > 0)
      .flatMap((masking) => hashing.flatMap((other) => onBoth(masking, other)))
  },
}

function onBoth({ index, detectors }: LintRule, other: LintRule) {
  const both = detectors.map(({ name }) => name).filter((name) => other.detectors.some((one) => one.name === name))
  const id = JSON.stringify(other.rule.id)
  return both.map((name) =>
    onRule(index, ['mask', 'keep_last'], `the rule ${id} hashes ${name}, of which this one shows the end`),
  )
}
