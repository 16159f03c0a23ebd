import { type LintCheck, onRule } from '../check.ts'

export const exceptionWithoutOwner: LintCheck = {
  code: 'exception-without-owner',
  severity: 'warning',
  title: 'An exception that nobody answers for',
  explanation:
    'When an exception runs out, or lets through what it should not, somebody has to be asked. The owner is a team or a role; a person may leave.',
  hint: 'Add owner: the team that answers for it.',
  wrong: `rules:
  - id: cards
    detect: [payment_card]
    seal: {to: [default]}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, expires: 2027-06-30}
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
      (rule.except ?? []).flatMap(({ name, owner }, at) =>
        owner === undefined ? onRule(index, ['except', at], `the exception ${JSON.stringify(name)} has no owner`) : [],
      ),
    ),
}
