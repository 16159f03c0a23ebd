import type { PathPattern } from '../../path.ts'
import { CARD_SECRET_DETECTORS, CARD_SECRET_KEYS, isCardSecretKey, isCardSecretPath } from '../card-secrets.ts'
import { type LintCheck, type LintFinding, onRule } from '../check.ts'
import { WHOLE } from '../claims.ts'
import { type KeyTest, keyTest } from '../key-test.ts'
import { listOf } from '../list-of.ts'
import { isWithin } from '../overlap.ts'
import type { LintRule, LintSubject } from '../subject.ts'

export const sealedCardSecret: LintCheck = {
  code: 'sealed-card-secret',
  severity: 'error',
  title: 'A card verification code, a PIN or track data that is not dropped',
  explanation:
    'PCI DSS 3.3 forbids to keep sensitive authentication data after a payment is authorised: the verification code (CVV, CVC, CID), the PIN or its block, and the content of the magnetic stripe or its equivalent on the chip. It may not be kept encrypted, hashed or shortened either, so that sealing, hashing and masking are no way out: it has to be dropped, and better not be logged at all. This holds for every rule, whatever the company. A pattern for keys that is so wide that it takes such names among others is in order where another rule drops them.',
  hint: 'Use drop: {}. Where such a name means something else, give its path: attributes.device.pin is no PIN.',
  wrong: `rules:
  - id: card-codes
    key: ['(?i)^(cvv2?|cvc2?)$']
    seal: {to: [default]}
`,
  right: `rules:
  - id: card-codes
    key: ['(?i)^(cvv2?|cvc2?)$']
    drop: {}
`,
  find: (subject) =>
    subject.rules
      .filter(({ action }) => action.name !== 'drop')
      .flatMap((rule) => [
        ...byDetector(rule, subject),
        ...(takesWhole(rule) ? [...byPath(rule), ...byKey(rule, subject)] : []),
      ]),
}

const takesWhole = ({ rule }: LintRule): boolean => rule.detect === undefined && rule.pattern === undefined

function byDetector({ rule, index }: LintRule, { detectors }: LintSubject): LintFinding[] {
  const secrets: readonly string[] = CARD_SECRET_DETECTORS
  return listOf(rule.detect).flatMap((name, at) => {
    const validator = detectors.find((own) => own.name === name)?.validator
    if (!secrets.includes(name) && !secrets.includes(validator ?? '')) return []
    return onRule(index, ['detect', at], `${name} has to be dropped: it must not be kept, sealed or not`)
  })
}

function byPath({ paths, index }: LintRule): LintFinding[] {
  return paths.flatMap((path, at) => {
    const keys = namedKeys(path)
    if (!isCardSecretPath(keys)) return []
    return onRule(
      index,
      ['path', at],
      `${JSON.stringify(keys.at(-1))} has to be dropped: it must not be kept, sealed or not`,
    )
  })
}

/** The keys that a path names below its root; none where its last segment names none. */
function namedKeys({ segments }: PathPattern): string[] {
  const last = segments.findLast(({ kind }) => kind !== 'element')
  if (last?.kind !== 'name' && last?.kind !== 'key') return []
  return segments
    .slice(1)
    .flatMap((segment) => (segment.kind === 'name' ? segment.name : segment.kind === 'key' ? segment.key : []))
}

function byKey(rule: LintRule, { rules }: LintSubject): LintFinding[] {
  return listOf(rule.rule.key).flatMap((source, at) => {
    const test = keyTest([source])
    // What takes every name is not about this one.
    if (test === undefined || test.matches('zqx_zq')) return []
    const name =
      test.samples.find(isCardSecretKey) ??
      CARD_SECRET_KEYS.find((key) => test.matches(key) && !isDropped(key, rule, rules))
    if (name === undefined) return []
    return onRule(rule.index, ['key', at], `it takes ${JSON.stringify(name)}, which must not be kept, sealed or not`)
  })
}

/** Whether another rule drops what stands under the key wherever this one looks. */
function isDropped(key: string, rule: LintRule, rules: readonly LintRule[]): boolean {
  return rules.some(
    (other) =>
      other.action.name === 'drop' &&
      other.isEnforced &&
      other.isSound &&
      other.rule.where === undefined &&
      other.exceptions.length === 0 &&
      other.claims.some(({ what, keys }) => what === WHOLE && passesAll(key, keys)) &&
      isWithin(rule, other),
  )
}

const passesAll = (key: string, tests: readonly KeyTest[]): boolean =>
  tests.length > 0 && tests.every((test) => test.matches(key))
