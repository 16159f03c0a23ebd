import fc from 'fast-check'
import type { RuleInput } from '../../rules/schema/index.ts'

type Where = Omit<RuleInput, 'id' | 'seal' | 'hash' | 'mask' | 'drop'>
type SealInput = NonNullable<RuleInput['seal']>

/** What a rule looks for: parts of texts, and whole values by their place. */
const spans: fc.Arbitrary<Where> = fc.constantFrom<Where[]>(
  { detect: ['email'] },
  { detect: ['payment_card'] },
  { detect: ['email', 'payment_card'], path: ['attributes.**', 'body'] },
  { pattern: 'zq-[0-9]{6}' },
  { pattern: '[0-9]{3,}' },
  { pattern: '^[a-z0-9]+@' },
  { pattern: 'jane[^x]{3}', path: ['**'] },
  { detect: ['email'], key: '^user' },
)

const whole: fc.Arbitrary<Where> = fc.constantFrom<Where[]>(
  { path: 'body' },
  { path: 'attributes.user' },
  { path: 'attributes.user.**' },
  { path: 'attributes.**' },
  { path: ['resource.**', 'scope.**'] },
  { path: '**' },
  { path: 'attributes.Items[*]' },
  { path: '**.a.b.c' },
  { path: 'attributes["odd key"]' },
  { key: '^(pin|note)$' },
  { key: '(?i)email$', path: 'attributes.**' },
)

const recipients: fc.Arbitrary<string[]> = fc.constantFrom(['security'], ['dpo'], ['security', 'dpo'], ['all'])

const seal: fc.Arbitrary<SealInput> = fc
  .record({
    to: recipients,
    text: fc.constantFrom('span', 'whole'),
    layout: fc.constantFrom(undefined, 'value', 'record'),
    as: fc.constantFrom('string', 'string', 'sibling'),
    serialization: fc.constantFrom('general', 'general', 'compact'),
  })
  .map(({ layout, to, serialization, ...rest }) => ({
    to: serialization === 'compact' ? to.slice(0, 1).map((name) => (name === 'all' ? 'dpo' : name)) : to,
    serialization,
    ...rest,
    ...(layout === undefined ? {} : { layout }),
  }))

const place = fc.oneof({ weight: 2, arbitrary: spans }, { weight: 1, arbitrary: whole })

function numbered(rules: readonly Omit<RuleInput, 'id'>[]): RuleInput[] {
  return rules.map((rule, index) => ({ id: `rule-${index}`, ...rule }))
}

/** Rules that only seal, so that all of it can be opened again. */
export const sealRules: fc.Arbitrary<RuleInput[]> = fc
  .array(fc.record({ place, action: seal }), { minLength: 1, maxLength: 4 })
  .map((rules) => numbered(rules.map(({ place, action }) => ({ ...place, seal: action }))))

const action: fc.Arbitrary<Omit<RuleInput, 'id'>> = fc.oneof(
  { weight: 3, arbitrary: seal.map((options) => ({ seal: options })) },
  { weight: 1, arbitrary: fc.constant({ hash: { key: 'k' } }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 4).map((keep_last) => ({ mask: { keep_last } })) },
  { weight: 1, arbitrary: fc.constant({ drop: {} }) },
)

/** Two masks that leave different parts readable do not leave each other alone: then none leaves any. */
function agreed(rules: readonly RuleInput[]): RuleInput[] {
  const masks = rules.filter((rule) => rule.mask !== undefined).length
  return rules.map((rule) => (masks > 1 && rule.mask !== undefined ? { ...rule, mask: {} } : rule))
}

/** Rules of every action. */
export const anyRules: fc.Arbitrary<RuleInput[]> = fc
  .array(fc.record({ place, action }), { minLength: 1, maxLength: 4 })
  .map((rules) => agreed(numbered(rules.map(({ place, action }) => ({ ...place, ...action })))))
