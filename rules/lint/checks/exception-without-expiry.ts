import { type LintCheck, onRule } from '../check.ts'

export const exceptionWithoutExpiry: LintCheck = {
  code: 'exception-without-expiry',
  severity: 'warning',
  title: 'An exception that never ends',
  explanation:
    'What was harmless when the exception was made may not stay so: formats change, test numbers are given out to customers, a field gets another meaning. A day on which the exception ends is a day on which somebody looks at it again.',
  hint: 'Add expires: the day (UTC) on which it stops applying, at most a year from now.',
  wrong: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, owner: payments}
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
      (rule.except ?? []).flatMap(({ name, expires }, at) =>
        expires === undefined ? onRule(index, ['except', at], `the exception ${JSON.stringify(name)} never ends`) : [],
      ),
    ),
}
