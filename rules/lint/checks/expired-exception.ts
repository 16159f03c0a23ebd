import { type LintCheck, onRule } from '../check.ts'
import { isPast } from '../subject.ts'

export const expiredException: LintCheck = {
  code: 'expired-exception',
  severity: 'error',
  title: 'An exception that has ended',
  explanation:
    'From the day that it names (UTC) an exception no longer applies, and the rule acts on what it used to let through. The file says one thing and the service does another until somebody decides.',
  hint: 'Remove the exception, or look at its reason again and set a later day.',
  wrong: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, owner: payments, expires: 2024-06-30}
`,
  right: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, owner: payments, expires: 2027-06-30}
`,
  find: ({ rules, now }) =>
    rules.flatMap(({ rule, index }) =>
      (rule.except ?? []).flatMap(({ name, expires }, at) =>
        isPast(expires, now)
          ? onRule(index, ['except', at, 'expires'], `the exception ${JSON.stringify(name)} ended on ${expires}`)
          : [],
      ),
    ),
}
