import { showPath } from '../../path.ts'
import { type LintCheck, type LintFinding, onRule } from '../check.ts'
import { WHOLE } from '../claims.ts'
import { commonPlace, isSameTarget } from '../overlap.ts'
import { isSameRecipients, recipientsOf } from '../recipients.ts'
import type { KnownNames, LintRule } from '../subject.ts'
import { mayHoldTogether } from '../where-overlap.ts'

export const overlappingRecipients: LintCheck = {
  code: 'overlapping-recipients',
  severity: 'error',
  title: 'Two rules seal the same thing for different recipients',
  explanation:
    'A text is sealed once. Where two rules want the same text, the first in the order of the files has it, and nobody else can read it, whoever the second rule names. Nobody reads more than the rule for them says; but who reads what then hangs on the order of the rules, which is easily changed and seldom looked at. Keep the places of such rules apart: by path, by conditions that exclude each other, or by an exception of the wider rule.',
  hint: 'Name the same recipients in both, or keep their places apart, for example by an exception with a path.',
  wrong: `rules:
  - id: payment-cards
    detect: [payment_card]
    path: ['attributes.payment.**']
    seal: {to: [fraud]}
  - id: all-cards
    detect: [payment_card]
    seal: {to: [dpo]}
`,
  right: `rules:
  - id: payment-cards
    detect: [payment_card]
    path: ['attributes.payment.**']
    seal: {to: [fraud]}
  - id: all-cards
    detect: [payment_card]
    seal: {to: [dpo]}
    except:
      - name: payments
        path: ['attributes.payment.**']
        reason: payment-cards seals them for the fraud team
        owner: payments
        expires: 2027-06-30
`,
  find({ rules, known }) {
    const sealing = rules.filter(({ rule, isEnforced }) => rule.seal !== undefined && isEnforced)
    return sealing.flatMap((later, position) => {
      const findings: LintFinding[] = []
      for (const earlier of sealing.slice(0, position)) {
        const one = finding(earlier, later, known)
        if (one !== undefined) findings.push(one)
        if (findings.length === MOST_FOR_A_RULE) break
      }
      return findings
    })
  },
}

/** Who mends these mends the others as well, or sees them then. */
const MOST_FOR_A_RULE = 3

function finding(earlier: LintRule, later: LintRule, known: KnownNames | undefined): LintFinding | undefined {
  const [first, second] = [recipientsOf(earlier.rule, known), recipientsOf(later.rule, known)]
  if (isSameRecipients(first, second) || !mayHoldTogether(earlier.rule, later.rule)) return undefined
  for (const a of earlier.claims) {
    for (const b of later.claims) {
      if (!isSameTarget(a, b)) continue
      const steps = commonPlace(earlier, a.keys, later, b.keys)
      if (steps === undefined) continue
      const what = a.what === WHOLE ? 'the value' : a.what.startsWith('pattern ') ? 'what the pattern finds' : a.what
      const message =
        `at ${showPath(steps)} the rule ${JSON.stringify(earlier.rule.id)} seals ${what} for ` +
        `${first.join(', ')}, and this rule for ${second.join(', ')}`
      return onRule(later.index, ['seal', 'to'], message)
    }
  }
  return undefined
}
