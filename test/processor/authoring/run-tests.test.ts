import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { resultsOf } from './rule-file.ts'

type Tests = NonNullable<RuleInput['tests']>
type Case = NonNullable<Tests['seal']>[number]

const CARD = '5500 0000 0000 0004'
const CARDS: RuleInput = {
  id: 'cards',
  detect: 'payment_card',
  seal: { to: ['fraud', 'dpo'] },
  except: [{ name: 'test-cards', pattern: '^4111', reason: 'scheme test numbers' }],
}

/** The outcome of one case of a rule: what happened, or how it passed. */
function outcome(kind: keyof Tests, one: Case, rule: RuleInput = CARDS, others: readonly RuleInput[] = []) {
  const [result] = resultsOf([{ ...rule, tests: { [kind]: [one] } }, ...others])
  return { status: result!.status, told: result!.disagreements.map(({ part, happened }) => [part, ...happened]) }
}

const passed = { status: 'passed', told: [] }

describe('a case under `seal`', () => {
  test.each<Case>([
    `paid with ${CARD}`,
    { body: `paid with ${CARD}` },
    { body: 'x', attributes: { pan: 5500000000000004 }, path: 'attributes.pan' },
    { body: { payment: [CARD] }, path: 'body.payment[*]' },
    { attributes: { 'user.pan': CARD }, path: 'attributes.User.PAN', action: 'seal', recipients: ['dpo', 'fraud'] },
    { resource: { pan: CARD }, path: 'resource.pan' },
    { scope: { pan: CARD }, path: 'scope.pan' },
    { attributes: { cards: { [CARD]: 1 } }, path: 'attributes.cards.*' },
  ])('passes where the rule acts: %j', (one) => {
    expect(outcome('seal', one)).toEqual(passed)
  })

  test('says why the detector refused what looks right', () => {
    expect(outcome('seal', 'paid with 5500 0000 0000 0005')).toEqual({
      status: 'failed',
      told: [
        [
          undefined,
          '"5500 0000 0000 0005" at body looks like payment_card, but its structure or check digit is not right',
        ],
      ],
    })
  })

  test('says which words were missing', () => {
    const rule: RuleInput = { id: 'rooms', pattern: '[0-9]{3}', near: ['room', 'suite'], mask: {} }
    expect(outcome('seal', 'floor 101', rule).told).toEqual([
      [
        undefined,
        '"101" at body looks like rooms, but none of the words that it needs stands near it or names its key (room, suite)',
      ],
    ])
  })

  test('says that nothing was found', () => {
    expect(outcome('seal', 'hello').told).toEqual([[undefined, 'it found nothing in this record']])
  })

  test('says which exception or condition took the value away', () => {
    expect(outcome('seal', '4111 1111 1111 1111').told[0]![1]).toContain('its exception "test-cards" keeps')
    const rule: RuleInput = { id: 'a', detect: 'email', where: { severity: 'ERROR' }, drop: {} }
    expect(outcome('seal', { body: 'a@example.com', severity: 'INFO' }, rule).told[0]![1]).toContain(
      'its condition on severity does not hold',
    )
    expect(outcome('seal', { body: 'a@example.com', severity: 'ERROR' }, rule)).toEqual(passed)
  })

  test('says which other rule has the value', () => {
    const stronger: RuleInput = { id: 'all', path: 'body', drop: {} }
    expect(outcome('seal', CARD, CARDS, [stronger])).toEqual({
      status: 'failed',
      told: [[undefined, expect.stringContaining('but rule "all" has that: it is stronger or comes first')]],
    })
  })

  test.each<[Case, string, string]>([
    [{ body: CARD, path: 'attributes.pan' }, 'path', `it seals "${CARD}" (payment_card) at body`],
    [{ body: CARD, action: 'drop' }, 'action', 'it is seal'],
    [{ body: CARD, recipients: 'fraud' }, 'recipients', 'it is sealed for fraud, dpo'],
    [{ body: `a ${CARD}`, after: CARD }, 'after', 'it becomes "a [sealed:payment_card]"'],
    [{ body: CARD, rule: 'card' }, 'rule', 'no rule has the id "card"; did you mean "cards"?'],
    [{ body: CARD, path: 'attribute.x' }, 'path', 'a path begins with body, attributes, resource, scope or **'],
    [{ body: CARD, except: 'test-cards' }, 'except', 'an exception keeps a value: under `seal` it can have no effect'],
  ])('says what is otherwise than expected: %j', (one, part, happened) => {
    expect(outcome('seal', one)).toEqual({ status: 'failed', told: [[part, happened]] })
  })

  test('asks one match for all that it expects', () => {
    const both: RuleInput[] = [
      { id: 'a', key: '^pan$', seal: { to: 'x' } },
      { id: 'b', key: '^cvv$', drop: {} },
    ]
    const one: Case = { attributes: { pan: '1', cvv: '2' }, rule: 'b', path: 'attributes.pan' }
    expect(outcome('seal', one, both[0], [both[1]!]).status).toBe('failed')
    expect(outcome('seal', { ...one, path: 'attributes.cvv', action: 'drop' }, both[0], [both[1]!])).toEqual(passed)
  })

  test('may name what stands in a map that the rule takes whole', () => {
    const rule: RuleInput = { id: 'customer', path: 'attributes.customer', seal: { to: 'dpo' } }
    const attributes = { customer: { name: 'x' }, other: 'y' }
    expect(outcome('seal', { attributes, path: 'attributes.customer.name' }, rule)).toEqual(passed)
    expect(outcome('seal', { attributes, path: 'attributes.other' }, rule).status).toBe('failed')
    expect(outcome('keep', { attributes, path: 'attributes.customer.name' }, rule).status).toBe('failed')
    expect(outcome('keep', { attributes, path: 'attributes.other' }, rule)).toEqual(passed)
  })

  test('may name what stands below a key in which something was found', () => {
    const attributes = { cards: { [CARD]: { state: 'new' } } }
    expect(outcome('seal', { attributes, path: 'attributes.cards.*.state' })).toEqual(passed)
    expect(outcome('keep', { attributes }).told).toEqual([
      [undefined, `it seals "${CARD}" (payment_card) in the name of the field attributes.cards.*`],
    ])
  })

  test('passes for a rule in audit, which leaves the record as it is', () => {
    const rule: RuleInput = { ...CARDS, mode: 'audit', expires: '2999-01-01' }
    expect(outcome('seal', { body: CARD, recipients: ['fraud', 'dpo'], after: CARD }, rule)).toEqual(passed)
  })

  test('fails where the engine refuses the record', () => {
    const deep = '['.repeat(80) + ']'.repeat(80)
    expect(outcome('seal', { body: JSON.parse(deep) }).told[0]![1]).toContain('nested deeper')
  })
})

describe('a case under `keep`', () => {
  test.each<Case>([
    'order 12345',
    { body: '4111 1111 1111 1111' },
    { body: '4111 1111 1111 1111', except: 'test-cards', path: 'body' },
    { body: CARD, attributes: { order: '4111' }, path: 'attributes.order' },
  ])('passes where the rule does not act: %j', (one) => {
    expect(outcome('keep', one)).toEqual(passed)
  })

  test.each<[Case, string | undefined, string]>([
    [CARD, undefined, `it seals "${CARD}" (payment_card) at body`],
    [{ body: CARD, path: 'body' }, undefined, `it seals "${CARD}" (payment_card) at body`],
    [{ body: 'hello', except: 'test-cards' }, 'except', 'it found nothing in this record'],
    [
      { body: 'hello', except: 'test-card' },
      'except',
      'rule "cards" has no exception named "test-card"; did you mean "test-cards"?',
    ],
    [{ body: 'hello', path: 'attributes.x' }, 'path', 'it has nothing there'],
    [{ body: 'hello', action: 'seal' }, 'action', 'what is kept has no action: under `keep` it can have no effect'],
    [{ body: 'a', after: 'b' }, 'after', 'it becomes "a"'],
  ])('fails where it acts, or where the case can show nothing: %j', (one, part, happened) => {
    expect(outcome('keep', one)).toEqual({ status: 'failed', told: [[part, happened]] })
  })
})

describe('a case that is still to do', () => {
  test('is expected to fail', () => {
    expect(outcome('todo_seal', 'order 12345').status).toBe('todo')
    expect(outcome('todo_keep', CARD).status).toBe('todo')
  })

  test('is told when it passes', () => {
    expect(outcome('todo_seal', CARD)).toEqual({ status: 'done', told: [] })
    expect(outcome('todo_keep', 'order 12345')).toEqual({ status: 'done', told: [] })
  })

  test('fails where it is wrong in itself', () => {
    expect(outcome('todo_keep', { body: 'hello', path: 'attributes.x' }).status).toBe('failed')
  })
})

describe('recipients', () => {
  const rule: RuleInput = {
    id: 'user',
    path: 'attributes.user',
    seal: { to: ['audit', 'tenant:{resource.tenant.id}'], fallback: 'dpo' },
  }
  const of = (tenant: string, recipients: string[]): Case => ({
    attributes: { user: 'jane' },
    resource: { tenant: { id: tenant } },
    recipients,
  })

  test('are those of the record’s tenant, which the cases name', () => {
    const cases = [of('acme', ['audit', 'tenant:acme']), of('unknown', ['audit', 'dpo'])]
    const results = resultsOf([{ ...rule, tests: { seal: cases } }])
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed'])
    expect(outcome('seal', of('acme', ['audit', 'dpo']), rule)).toEqual(passed)
    expect(outcome('seal', of('other', ['audit', 'tenant:acme']), rule).status).toBe('failed')
  })

  test('are those of the groups, where a configuration is at hand', () => {
    const groups = { audit: ['a1', 'a2'], dpo: ['d'], 'tenant:acme': ['acme-1'] }
    const cases = [of('acme', ['audit', 'tenant:acme']), of('acme', ['a1', 'a2', 'acme-1']), of('x', ['a2', 'a1', 'd'])]
    const results = resultsOf([{ ...rule, tests: { seal: cases } }], groups)
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed'])
    // A tenant that the configuration lacks is unknown, whatever the case says.
    const [other] = resultsOf([{ ...rule, tests: { seal: [of('other', ['audit', 'tenant:other'])] } }], groups)
    expect(other!.disagreements[0]!.happened).toEqual(['it is sealed for a1, a2, d'])
  })
})
