import { DETECTORS } from '../../detectors/index.ts'
import { createEngine, DEFAULT_SETTINGS, type Engine, type RuleInput } from '../../processor/index.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'

const ALICE = generateKeyPair('X25519', 'alice')
const BOB = generateKeyPair('P-256', 'bob')

/** Opens whatever the engines seal. */
export const PRIVATE_KEYS = [ALICE.privateJwk, BOB.privateJwk]
export const KNOWN_KIDS: ReadonlySet<string> = new Set(['alice', 'bob'])

/**
 * Those that count wherever they stand: words and keys, which others need, come and go with what is replaced. So do the
 * names before an assignment: a map that is kept as JSON has its keys in a text.
 */
export const ALL_DETECTORS = DETECTORS.filter(
  ({ name, activation }) =>
    (activation === 'always' && name !== 'password_assignment' && name !== 'generic_secret') ||
    name === 'ipv4' ||
    name === 'ipv6',
).map(({ name }) => name)

const SEAL_ALL: RuleInput = { id: 'all', detect: ALL_DETECTORS, seal: { to: 'alice' } }

export interface NamedEngine {
  readonly name: string
  readonly engine: Engine
  /** Whether what it does can be undone. */
  readonly reversible: boolean
  /** Whether it replaces entries: of several values in one entry of protobuf it then keeps one. */
  readonly replacesEntries: boolean
}

function named(
  name: string,
  rules: readonly RuleInput[],
  settings: { readonly layout?: 'value' | 'record'; readonly paths?: number } = {},
): NamedEngine {
  const { layout = 'value', paths = DEFAULT_SETTINGS.limits.paths } = settings
  const engine = createEngine({
    recipients: { alice: { ...ALICE.publicJwk }, bob: { ...BOB.publicJwk } },
    groups: { both: ['alice', 'bob'] },
    hashKeys: { pseudonyms: Buffer.alloc(32, 7) },
    rules,
    settings: { layout, limits: { paths } },
  })
  return {
    name,
    engine,
    reversible: rules.every((rule) => rule.seal !== undefined),
    replacesEntries: rules.some((rule) => rule.seal?.as === 'sibling'),
  }
}

/** Engines with rules of every kind; all of them act on whatever any detector finds anywhere. They live long. */
export const ENGINES: readonly NamedEngine[] = [
  named('seal, a JWE for each value', [SEAL_ALL]),
  named('seal, a JWE for each record', [SEAL_ALL], { layout: 'record' }),
  named('seal, hardly any paths kept', [SEAL_ALL], { paths: 20 }),
  named('seal whole texts, entries beside', [
    { id: 'all', detect: ALL_DETECTORS, seal: { to: 'both', text: 'whole', as: 'sibling' } },
  ]),
  named('seal values, containers and spans for different recipients', [
    { id: 'names', key: '(?i)^(user|items|password)$', seal: { to: 'bob' } },
    { id: 'cards', detect: 'payment_card', seal: { to: 'both', serialization: 'general' } },
    { id: 'rest', detect: ALL_DETECTORS, seal: { to: 'alice', serialization: 'compact' } },
    { id: 'bodies', path: 'body', seal: { to: 'bob' } },
  ]),
  named(
    'the same, a JWE for each record',
    [
      { id: 'names', key: '(?i)^(user|items|password)$', seal: { to: 'bob' } },
      { id: 'rest', detect: ALL_DETECTORS, seal: { to: 'alice' } },
      { id: 'resources', path: 'resource.**', seal: { to: 'both' } },
    ],
    { layout: 'record', paths: 50 },
  ),
  named('every action', [
    { id: 'codes', key: '^(cvv|ssn)$', drop: {} },
    { id: 'mails', detect: 'email', hash: { key: 'pseudonyms' } },
    { id: 'cards', detect: 'payment_card', mask: { keep_last: 4 } },
    { id: 'addresses', detect: ['ipv4', 'ipv6'], drop: {} },
    { id: 'ids', path: 'attributes.**.id', hash: { key: 'pseudonyms' } },
    { id: 'logs', key: '^log$', mask: {} },
    SEAL_ALL,
  ]),
]
