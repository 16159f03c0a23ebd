import { type LintCheck, onRule } from '../check.ts'

export const exceptionWithoutReason: LintCheck = {
  code: 'exception-without-reason',
  severity: 'error',
  title: 'An exception that does not say why',
  explanation:
    'An exception lets values through in the clear. Whoever reviews the rules a year later must be able to tell whether it still holds, and nobody remembers.',
  hint: 'Add reason: why what it lets through is no personal data, or may be read by all.',
  wrong: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', owner: payments, expires: 2027-06-30}
`,
  right: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, owner: payments, expires: 2027-06-30}
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index }) =>
      (rule.except ?? []).flatMap(({ name, reason }, at) =>
        reason === undefined
          ? onRule(index, ['except', at], `the exception ${JSON.stringify(name)} has no reason`)
          : [],
      ),
    ),
}
