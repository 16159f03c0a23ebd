import fc from 'fast-check'
import type { RuleInput } from '../../../../rules/schema/index.ts'
import type { Entries, LogRecord, Value } from '../../../conformance/model.ts'

/** Texts in which one detector finds one thing. */
export const CANARIES = [
  'jane.doe@example.com',
  '4111111111111111',
  'to joe@example.org, please',
  'paid with 5555555555554444 today',
  'jane.doe@example.com and 4111 1111 1111 1111',
  'call +4930123456',
  '192.0.2.17',
] as const

const PLAIN = ['', 'request completed', 'GET /health 200', 'é 😀', '****', '[sealed:email:AAAAAAAA/0]'] as const
const KEYS = ['user', 'user.email', 'note', 'passport_number', 'odd key', 'a.b', 'list'] as const
/** Values under these are known by the key alone. */
const NAMING_KEYS = ['password', 'first_name', 'user.password'] as const

const text = fc
  .oneof({ weight: 2, arbitrary: fc.constantFrom(...CANARIES) }, { weight: 3, arbitrary: fc.constantFrom(...PLAIN) })
  .map((value): Value => ({ type: 'text', text: value }))

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 5, arbitrary: text },
  fc.constantFrom<Value[]>(
    { type: 'integer', value: 4111111111111111n },
    { type: 'integer', value: 7n },
    { type: 'double', value: 4_111_111_111_111_111 },
    { type: 'boolean', value: true },
    { type: 'null' },
  ),
)

const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: fc.constant(CANARIES[0]) },
)

const named = fc.tuple(
  fc.constantFrom(...NAMING_KEYS),
  fc.oneof(
    text,
    fc.constantFrom<Value[]>(
      { type: 'text', text: 'made up' },
      { type: 'integer', value: 7n },
      { type: 'boolean', value: true },
      { type: 'null' },
    ),
    fc.constant<Value>({
      type: 'map',
      entries: [['x', { type: 'array', values: [{ type: 'text', text: 'made up' }] }]],
    }),
  ),
)

const { value, entries } = fc.letrec<{ value: Value; entries: Entries }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: tie('entries').map((of): Value => ({ type: 'map', entries: of })) },
    {
      weight: 1,
      arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((values): Value => ({ type: 'array', values })),
    },
  ),
  entries: fc.uniqueArray(
    fc.oneof({ weight: 4, arbitrary: fc.tuple(key, tie('value')) }, { weight: 1, arbitrary: named }),
    { maxLength: 4, selector: ([name]) => name },
  ),
}))

const service = fc.constantFrom<Entries[]>([], [['service.name', { type: 'text', text: 'shop' }]])

/** Records with canaries anywhere. */
export const records: fc.Arbitrary<LogRecord[]> = fc.array(
  fc.record({
    resource: fc.tuple(service, entries).map(([name, rest]) => [...name, ...rest]),
    scope: entries,
    body: fc.option(value, { nil: undefined }),
    attributes: entries,
  }),
  { minLength: 1, maxLength: 4 },
)

type Where = Omit<RuleInput, 'id'>

const parts = fc.constantFrom<Where[]>(
  { detect: ['email'] },
  { detect: ['payment_card'] },
  { detect: ['email', 'payment_card'], path: ['attributes.**', 'body'] },
  { detect: ['password', 'person_name'] },
)

const wholes = fc.constantFrom<Where[]>(
  { path: 'body' },
  { path: 'attributes.user.**' },
  { path: ['resource.user.**', 'scope.**'] },
  { path: 'attributes.list[*]' },
  { key: '^(note|password)$' },
)

const ACTIONS: readonly Where[] = [
  { seal: { to: 'all' } },
  { seal: { to: 'dpo', text: 'whole' } },
  { seal: { to: 'fraud', layout: 'record' } },
  { seal: { to: 'dpo', as: 'sibling', serialization: 'compact' } },
  { hash: { key: 'k' } },
  { mask: {} },
  { drop: {} },
]

const action = fc.constantFrom(...ACTIONS)

/** Rules that leave most of it in the clear. */
export const rules: fc.Arbitrary<RuleInput[]> = fc
  .array(fc.oneof(fc.tuple(parts, action), fc.tuple(wholes, action)), { maxLength: 3 })
  .map((pairs) => pairs.map(([where, what], index) => ({ id: `rule-${index}`, ...where, ...what }) as RuleInput))
